"""What each role can do with the pool over real RPC."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


@tagged("post_install", "-at_install", "access", "customer")
class TestPoolAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"sales_customer_enabled": True, "customer_pool_enabled": True})
        values = {"is_company": True, "customer_rank": 1}
        cls.pooled, cls.owned = cls.env["res.partner"].create(
            [{"name": "Pooled", **values}, {"name": "Owned", "user_id": cls.salesperson.id, **values}]
        )

    def test_salesperson_claims_and_releases(self):
        self._call(self.salesperson, "res.partner", "action_claim", ids=self.pooled.ids)
        self.assertEqual(self.pooled.user_id, self.salesperson)
        message = self._assert_refused(REFUSED, self.stranger, "res.partner", "action_claim", ids=self.pooled.ids)
        self.assertIn("Pooled is with Salesperson since", message)
        arguments = {"ids": self.pooled.ids, "reason": "No need"}
        for user in (self.stranger, self.leader, self.finance, self.stock):
            self._assert_refused(FORBIDDEN, user, "res.partner", "action_release_to_pool", **arguments)
        self._call(self.salesperson, "res.partner", "action_release_to_pool", **arguments)
        self.assertEqual(self.pooled.pool_state, "pool")

    def test_manager_releases_for_others(self):
        self._call(self.manager, "res.partner", "action_release_to_pool", ids=self.owned.ids, reason="Has left")
        self.assertEqual(self.owned.pool_state, "pool")

    def test_others_claim_nothing(self):
        for user in (self.finance, self.stock, self.portal):
            self._assert_refused(FORBIDDEN, user, "res.partner", "action_claim", ids=self.pooled.ids)
            self._assert_refused(FORBIDDEN, user, "sales.customer.pool", "search_read", domain=[], fields=["name"])
        self.assertEqual(self.pooled.pool_state, "pool")

    def test_claims_are_not_forged(self):
        self._call(self.salesperson, "res.partner", "action_claim", ids=self.pooled.ids)
        claim = self.env["sales.customer.claim"].search([("partner_id", "=", self.pooled.id)])
        values = {"kind": "claimed", "partner_id": self.owned.id, "company_id": self.env.company.id}
        model = "sales.customer.claim"
        for user in (self.salesperson, self.manager):
            self._assert_refused(FORBIDDEN, user, model, "create", vals_list=[values])
            self._assert_refused(FORBIDDEN, user, model, "write", ids=claim.ids, vals={"owner_id": user.id})
            self._assert_refused(FORBIDDEN, user, model, "unlink", ids=claim.ids)
        self.assertEqual(self._call(self.salesperson, model, "search_count", domain=[["id", "=", claim.id]]), 1)
        self.assertEqual(self._call(self.stranger, model, "search_count", domain=[["id", "=", claim.id]]), 0)
        self.assertEqual(self._call(self.manager, model, "search_count", domain=[["id", "=", claim.id]]), 1)

    def test_state_is_not_written(self):
        now = fields.Datetime.to_string(fields.Datetime.now())
        for name, value in {
            "pool_state": "owned",
            "protected_until": now,
            "owner_since": now,
            "last_contact_at": now,
            "pool_warned_at": False,
            "pooled_at": now,
        }.items():
            with self.subTest(name):
                for user in (self.salesperson, self.manager):
                    self._assert_refused(REFUSED, user, "res.partner", "write", ids=self.pooled.ids, vals={name: value})
                    self._assert_refused(
                        REFUSED, user, "res.partner", "create", vals_list=[{"name": "New", name: value}]
                    )

    def test_owner_is_not_taken(self):
        vals = {"user_id": self.stranger.id}
        self._assert_refused(REFUSED, self.stranger, "res.partner", "write", ids=self.pooled.ids, vals=vals)
        self._assert_refused(FORBIDDEN, self.stranger, "res.partner", "write", ids=self.owned.ids, vals=vals)
        self._call(self.manager, "res.partner", "write", ids=self.owned.ids, vals=vals)
        self.assertEqual(self.owned.user_id, self.stranger)

    def test_pooled_customer_is_hidden_until_claimed(self):
        self.env.company.customer_pool_hidden = True
        self.pooled.phone = "+49 731 1234"
        arguments = {"ids": self.pooled.ids, "fields": ["phone"]}
        self._assert_refused(FORBIDDEN, self.stranger, "res.partner", "read", **arguments)
        domain = [["phone", "=", self.pooled.phone]]
        self.assertFalse(self._call(self.stranger, "res.partner", "search_count", domain=domain))
        [row] = self._call(
            self.stranger,
            "sales.customer.pool",
            "search_read",
            domain=[["partner_id", "=", self.pooled.id]],
            fields=["name"],
        )
        self.assertEqual(row["name"], "Pooled")
        for user in (self.manager, self.finance):
            self.assertTrue(self._call(user, "res.partner", "read", **arguments))
        self._call(self.stranger, "sales.customer.pool", "action_claim", ids=[row["id"]])
        self.assertEqual(self._call(self.stranger, "res.partner", "read", **arguments)[0]["phone"], "+49 731 1234")
        # Whoever comes late learns of the owner and the date, and no more.
        message = self._assert_refused(REFUSED, self.salesperson, "res.partner", "action_claim", ids=self.pooled.ids)
        self.assertIn("Pooled is with Stranger since", message)

    def test_hiding_ends_with_the_setting(self):
        rule = self.env.ref("sales_management.res_partner_rule_pool_hidden")
        self.assertFalse(rule.active)
        self.env.company.customer_pool_hidden = True
        self.assertTrue(rule.active)
        self.env.company.sales_customer_enabled = False
        self.assertFalse(rule.active)

    def test_customers_do_not_read_it(self):
        partner = self.portal.partner_id
        for name in ("pool_state", "last_contact_at", "owner_since", "pool_due_on", "is_contact_due"):
            self._assert_refused(FORBIDDEN, self.portal, "res.partner", "read", ids=partner.ids, fields=[name])
