"""What is in the pool is claimed, and not handed out by core's automatic assignment."""

from odoo.tests import tagged

from odoo.addons.sales_management.tests.customer.common_pool import PoolCommon


@tagged("post_install", "-at_install", "customer")
class TestPoolAssignment(PoolCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("crm.lead.auto.assignment", True)
        cls.team.assignment_domain = "[('name', '=like', 'Assigned %')]"
        cls.team.crm_team_member_ids.assignment_max = 300
        cls.pooled = cls._create_customers(1, user=False)
        contact = cls.env["res.partner"].create({"name": "Eva", "parent_id": cls.pooled.id})
        lead = {"type": "lead", "user_id": False}
        cls.kept = cls.env["crm.lead"].create(
            [
                {**lead, "name": "Assigned 1", "partner_id": cls.pooled.id, "team_id": False},
                {**lead, "name": "Assigned 2", "partner_id": contact.id, "team_id": cls.team.id},
            ]
        )
        cls.given = cls.env["crm.lead"].create(
            [
                {**lead, "name": "Assigned 3", "partner_id": cls.bolt.id, "team_id": False},
                {**lead, "name": "Assigned 4", "team_id": cls.team.id},
            ]
        )
        (cls.kept | cls.given).write({"user_id": False})
        cls.kept[0].team_id = cls.given[0].team_id = False

    def test_pooled_customers_are_not_handed_out(self):
        self.team._action_assign_leads(force_quota=True)
        self.assertFalse(self.kept.user_id)
        self.assertFalse(self.kept[0].team_id)
        self.assertTrue(all(lead.user_id for lead in self.given))

    def test_claimed_customer_is_like_any_other(self):
        self._claim(self.pooled)
        self.team._action_assign_leads(force_quota=True)
        self.assertTrue(all(lead.user_id for lead in self.kept))

    def test_without_a_pool_core_hands_out_all(self):
        self.company.customer_pool_enabled = False
        self.team._action_assign_leads(force_quota=True)
        self.assertTrue(all(lead.user_id for lead in self.kept | self.given))
