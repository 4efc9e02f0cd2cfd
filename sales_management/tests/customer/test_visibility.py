"""Which customers salespeople see, by role over real RPC."""

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon


class VisibilityCommon(AccessCommon):
    """Customers of several salespeople; the one of ``customer`` belongs to nobody and is on everybody's deals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"sales_customer_enabled": True, "customer_visibility_limited": True})
        cls.own = cls._create_customer("Own", cls.salesperson)
        cls.mates = cls._create_customer("Of the Mate", cls.member)
        cls.foreign = cls._create_customer("Foreign", cls.stranger)
        cls.unowned = cls._create_customer("Unowned", cls.env["res.users"])
        cls.all_customers = cls.own | cls.mates | cls.foreign | cls.unowned

    @classmethod
    def _create_customer(cls, name, user):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "user_id": user.id,
                "email": f"{name.split()[0].lower()}@example.com",
                "phone": "+49 30 901820",
                "child_ids": [Command.create({"name": f"Contact {name}"})],
            }
        )

    def _find(self, user, customers=None):
        """:return: the companies of this test that the user finds; contacts are found exactly where their company is"""
        customers = customers or self.all_customers
        found = self._call(user, "res.partner", "search", domain=[["commercial_partner_id", "in", customers.ids]])
        found = self.env["res.partner"].browse(found)
        self.assertEqual(found.commercial_partner_id, found & customers)
        self.assertEqual(found, (found & customers) | (found & customers).child_ids)
        return found & customers


@tagged("post_install", "-at_install", "access", "customer")
class TestVisibility(VisibilityCommon):
    # === By role === #

    def test_salesperson_sees_own_and_unowned(self):
        self.assertEqual(self._find(self.salesperson), self.own | self.unowned)
        for partner in (self.foreign, self.foreign.child_ids, self.mates):
            for method, arguments in (("read", {"fields": ["phone"]}), ("write", {"vals": {"phone": "1"}})):
                self._assert_refused(FORBIDDEN, self.salesperson, "res.partner", method, ids=partner.ids, **arguments)
        self._call(self.salesperson, "res.partner", "read", ids=(self.own | self.unowned).ids, fields=["phone"])
        self.assertFalse(
            self._call(self.salesperson, "res.partner", "search_count", domain=[["email", "=", self.foreign.email]])
        )

    def test_team_sees_that_of_the_team(self):
        for user in (self.member, self.leader):
            self.assertEqual(self._find(user), self.own | self.mates | self.unowned)

    def test_membership_without_the_level_gives_nothing(self):
        self.assertEqual(self._find(self.stranger), self.foreign | self.unowned)
        self.env["crm.team.member"].create({"crm_team_id": self.team.id, "user_id": self.stranger.id})
        self.assertEqual(self._find(self.stranger), self.foreign | self.unowned)

    def test_archived_membership_gives_nothing(self):
        self.team.crm_team_member_ids.filtered(lambda member: member.user_id == self.salesperson).active = False
        self.assertEqual(self._find(self.member), self.mates | self.unowned)

    def test_others_see_all(self):
        every = self._create_user("every", "sales_team.group_sale_salesman_all_leads")
        plain = self._create_user("plain", "base.group_user")
        both = self._create_user("both", "sales_team.group_sale_salesman,stock.group_stock_user")
        for user in (every, self.manager, self.finance, self.stock, plain, both):
            with self.subTest(user.login):
                self.assertEqual(self._find(user), self.all_customers)

    def test_portal_sees_its_own_as_before(self):
        self.portal.partner_id.parent_id = self.foreign
        found = self._call(self.portal, "res.partner", "search", domain=[])
        self.assertEqual(self.env["res.partner"].browse(found), self.foreign | self.foreign.child_ids)

    def test_colleagues_and_companies_are_seen(self):
        former = self._create_user("former", "base.group_user")
        (former.partner_id | self.env.company.partner_id | self.member.partner_id).user_id = self.stranger
        former.active = False
        partners = former.partner_id | self.env.company.partner_id | self.member.partner_id
        self._call(self.salesperson, "res.partner", "read", ids=partners.ids, fields=["name"])
        self._call(self.salesperson, "res.users", "read", ids=self.member.ids, fields=["name", "login"])

    # === On documents === #

    def test_documents_that_one_may_read_show_their_customer(self):
        address = self.env["res.partner"].create(
            {"name": "Dock", "parent_id": self.foreign.id, "type": "delivery", "user_id": self.stranger.id}
        )
        for model, values in (
            ("crm.lead", {"name": "Deal", "partner_id": self.foreign.child_ids[0].id}),
            ("crm.lead", {"name": "Lead", "partner_id": self.foreign.id, "user_id": False, "type": "lead"}),
            ("sale.order", {"partner_id": self.foreign.id}),
            ("sale.order", {"partner_id": self.own.id, "partner_shipping_id": address.id}),
            ("sale.order", {"partner_id": self.own.id, "partner_invoice_id": self.foreign.id}),
            ("account.move", {"partner_id": self.foreign.id, "move_type": "out_invoice"}),
        ):
            owner = {"invoice_user_id" if model == "account.move" else "user_id": self.salesperson.id, "team_id": False}
            with self.subTest(model=model, values=values):
                document = self.env[model].create({**owner, **values})
                self.env.flush_all()
                self.assertEqual(self._find(self.salesperson), self.own | self.unowned | self.foreign)
                document.unlink()
                self.assertEqual(self._find(self.salesperson), self.own | self.unowned)

    def test_documents_of_others_show_nothing(self):
        self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.foreign.id, "user_id": self.member.id, "team_id": self.team.id}
        )
        self.env["account.move"].create({"partner_id": self.foreign.id, "move_type": "entry"})
        self.assertEqual(self._find(self.salesperson), self.own | self.unowned)
        # Their team's document, which they may read.
        self.assertEqual(self._find(self.leader), self.own | self.mates | self.unowned | self.foreign)

    # === Changes === #

    def test_giving_a_customer_away_hides_it(self):
        arguments = {"vals": {"user_id": self.stranger.id}, "specification": {"name": {}}}
        self.assertEqual(self._call(self.salesperson, "res.partner", "web_save", ids=self.own.ids, **arguments), [])
        self.assertEqual(self.own.user_id, self.stranger)
        notice = self.env["bus.bus"].sudo().search([("message", "like", "Own is with Stranger now")])
        self.assertIn("simple_notification", notice.message)
        self._assert_refused(FORBIDDEN, self.salesperson, "res.partner", "read", ids=self.own.ids, fields=["name"])
        arguments["vals"] = {"name": "New", "is_company": True, "user_id": self.stranger.id}
        self.assertEqual(self._call(self.salesperson, "res.partner", "web_save", ids=[], **arguments), [])
        self.assertTrue(self.env["res.partner"].search([("name", "=", "New"), ("user_id", "=", self.stranger.id)]))
        arguments["vals"]["user_id"] = self.salesperson.id
        [values] = self._call(self.salesperson, "res.partner", "web_save", ids=[], **arguments)
        self.assertEqual(values["name"], "New")

    def test_taking_part_in_a_team_counts_at_once(self):
        self.assertNotIn(self.foreign, self._find(self.member))
        self.env["crm.team.member"].create({"crm_team_id": self.team.id, "user_id": self.stranger.id})
        self.assertIn(self.foreign, self._find(self.member))

    def test_group_counts_at_once(self):
        self.salesperson.group_ids = [Command.link(self.env.ref("account.group_account_invoice").id)]
        self.assertEqual(self._find(self.salesperson), self.all_customers)

    # === The switch === #

    def test_switched_off_the_rule_is_not_there(self):
        rule = self.env.ref("sales_management.res_partner_rule_visibility")
        self.assertTrue(rule.active)
        for values in ({"customer_visibility_limited": False}, {"sales_customer_enabled": False}):
            self.env.company.write({"sales_customer_enabled": True, "customer_visibility_limited": True, **values})
            self.assertFalse(rule.active)
            self.assertEqual(self._find(self.salesperson), self.all_customers)
            salesperson = self.env["res.users"].browse(self.salesperson.id)
            self.env["res.company"]._get_limited_company_ids()
            with self.assertQueryCount(0):
                self.assertEqual(salesperson._get_customer_visibility(), "all")

    def test_it_holds_for_people_of_the_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = new_test_user(
            self.env,
            "sm_elsewhere",
            "sales_team.group_sale_salesman",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertEqual(self._find(elsewhere), self.all_customers)
        # Whoever belongs to both is limited in both.
        self.salesperson.company_ids |= other
        found = (
            self.env["res.partner"]
            .with_user(self.salesperson)
            .with_company(other)
            .search_count([("id", "=", self.foreign.id)])
        )
        self.assertFalse(found)

    def test_pool_stays_hidden_where_it_is(self):
        self.env.company.write({"customer_pool_enabled": True, "customer_pool_hidden": True})
        self.unowned.customer_rank = 1
        self.assertEqual(self.unowned.pool_state, "pool")
        self.assertEqual(self._find(self.salesperson), self.own)
        self.env.company.customer_pool_hidden = False
        self.assertEqual(self._find(self.salesperson), self.own | self.unowned)

    # === Queries === #

    def test_a_list_is_one_query(self):
        partners = self.env["res.partner"].with_user(self.salesperson)
        partners.search([], limit=80)
        self.env.flush_all()
        with self.assertQueryCount(1):
            partners.search([("is_company", "=", True)], limit=80)

    def test_reading_many_costs_one_query_more(self):
        partners = self.env["res.partner"].create([{"name": f"Firm {n}"} for n in range(50)])
        counts = []
        for limited in (False, True):
            self.env.company.customer_visibility_limited = limited
            mine = partners.with_user(self.salesperson)
            mine.read(["name"])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            mine.read(["name"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 1)

    # === What is told of hidden customers === #

    def test_duplicate_message_names_owner_and_date_alone(self):
        self.env.company.customer_duplicate_mode = "warn"
        self.foreign.write({"phone": "+49 30 555 1234", "vat": "DE811569869"})
        values = {"name": "Copy", "is_company": True, "phone": "+49 30 5551234", "vat": "DE811569869"}
        [copy_id] = self._call(self.salesperson, "res.partner", "create", vals_list=[values])
        [row] = self._call(
            self.salesperson, "res.partner", "read", ids=[copy_id], fields=["duplicate_warning", "same_vat_partner_id"]
        )
        self.assertIn("a customer of Stranger since", row["duplicate_warning"])
        self.assertFalse(row["same_vat_partner_id"])
        for hidden in ("Foreign", "example.com", "DE811569869"):
            self.assertNotIn(hidden, row["duplicate_warning"])
        action = self._post(self.salesperson, "res.partner", "action_open_duplicates", ids=[copy_id])
        self.assertNotIn("Foreign", action.text)
        self.env.company.customer_duplicate_mode = "block"
        message = self._post(self.salesperson, "res.partner", "create", vals_list=[values]).json()["message"]
        self.assertIn("Stranger", message)
        self.assertNotIn("Foreign", message)
