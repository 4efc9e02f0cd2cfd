from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.quotation.revision_common import RevisionCommon


@tagged("post_install", "-at_install", "quotation")
class TestRevisionCompany(RevisionCommon):
    """Revisions belong to the company of their quotation, and are followed by whoever followed it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.setup_other_company()["company"]
        cls.other_manager = new_test_user(
            cls.env,
            "sm_other_manager",
            "sales_team.group_sale_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls.order = cls._create_quotation()

    def _create_there(self):
        orders = self.env["sale.order"].with_company(self.other_company)
        return orders.create({"partner_id": self.customer.id, "company_id": self.other_company.id}).with_user(
            self.other_manager
        )

    def test_company_without_the_switch_revises_nothing(self):
        with self.assertRaisesRegex(UserError, "does not use revisions"):
            self._create_there().action_create_revision()

    def test_all_of_a_quotation_belongs_to_its_company(self):
        self.other_company.sales_quotation_enabled = True
        there = self._create_there()
        self._revise(there, self.other_manager)
        self._revise(self.order, self.salesperson)
        for order, company in ((there.sudo(), self.other_company), (self.order, self.company)):
            family = order.quotation_family_id
            self.assertEqual(family.company_id, company)
            self.assertEqual(family.order_ids.company_id, company)
            self.assertEqual(family.order_ids.quotation_copy_ids.company_id, company)
            self.assertEqual(len(family.order_ids.filtered("is_current_revision")), 1)

    def test_nobody_reads_revisions_of_another_company(self):
        self._revise(self.order)
        records = (self.order, self.order.current_revision_id, self.order.quotation_family_id)
        for record in (*records, self.order.quotation_copy_ids):
            self.assertTrue(record.with_user(self.manager).has_access("read"), record)
            self.assertFalse(record.with_user(self.other_manager).has_access("read"), record)
        with self.assertRaises(AccessError):
            self.order.current_revision_id.with_user(self.other_manager).action_create_revision()

    def test_families_of_two_companies_do_not_meet(self):
        """One current revision is a matter of the family, whatever company its quotations are moved to."""
        self._revise(self.order)
        self.other_company.sales_quotation_enabled = True
        there = self._create_there().sudo()
        self.env.flush_all()
        query = "UPDATE sale_order SET quotation_family_id = %s WHERE id = %s"
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(query, [self.order.quotation_family_id.id, there.id])

    def test_followers_go_along(self):
        """A customer who follows a quotation is told of the one that replaced it, and opens it once it is released."""
        portal = self.users_by_role["portal"]
        self.order.message_subscribe((portal.partner_id | self.member.partner_id).ids)
        revision = self._revise(self.order, self.salesperson)
        self.assertLessEqual(portal.partner_id | self.member.partner_id, revision.message_partner_ids)
        self.assertIn(portal.partner_id, self.order.message_partner_ids)
