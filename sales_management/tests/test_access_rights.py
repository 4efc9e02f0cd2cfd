"""What each role can do over real RPC: what the interface hides proves nothing about the server."""

from datetime import timedelta
from http import HTTPStatus

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon

#: What the team level opens, and the field that tells the rows of a deal or of its quotation apart. A path through
#: another model would let that one's rules hide what these models' own should.
OPENED = {
    "crm.lead": "id",
    "crm.activity.report": "lead_id",
    "sale.order": "id",
    "sale.order.line": "order_id",
    "sale.report": "order_reference",
}

FORBIDDEN = HTTPStatus.FORBIDDEN
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY


class AccessCommon(DealDocumentCommon, HttpCase):
    """Calls over ``/json/2`` with a user's API key, and deals of several teams with an order and an activity each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock = cls.users_by_role["stock"]
        cls.portal = cls.users_by_role["portal"]
        cls.stranger = cls._create_user("stranger", "sales_team.group_sale_salesman")
        cls.mate_deal = cls._create_deal(cls.salesperson, cls.team)
        cls.member_deal = cls._create_deal(cls.member, cls.team)
        cls.foreign_deal = cls._create_deal(cls.stranger, cls.other_team)
        cls.all_deals = cls.mate_deal | cls.member_deal | cls.foreign_deal
        cls.orders = {deal: cls.env["sale.order"].search([("opportunity_id", "=", deal.id)]) for deal in cls.all_deals}

    @classmethod
    def _create_user(cls, name, groups):
        return new_test_user(cls.env, f"sm_{name}", groups, name=name.capitalize(), company_id=cls.env.company.id)

    @classmethod
    def _create_deal(cls, user, team):
        """A deal with a quotation and a done activity, all of one salesperson and team."""
        owner = {"user_id": user.id, "team_id": team.id}
        deal = cls._create_deals(name=f"Deal of {user.name}", partner_id=cls.customer.id, **owner)
        cls._create_order(deal, **owner)
        deal.activity_schedule("mail.mail_activity_data_call", user_id=user.id).action_feedback()
        return deal

    def setUp(self):
        super().setUp()
        self.api_keys = {}

    # === Calls === #

    def _post(self, user, model, method, **arguments):
        """:return: the raw response to a call with the API key of a user, or without a key for ``None``"""
        self.env.flush_all()
        headers = {"Authorization": f"Bearer {self._get_api_key(user)}"} if user else {}
        return self.url_open(f"/json/2/{model}/{method}", json=arguments, headers=headers)

    def _call(self, user, model, method, **arguments):
        response = self._post(user, model, method, **arguments)
        self.assertEqual(response.status_code, HTTPStatus.OK, response.text[:200])
        self.env.invalidate_all()
        return response.json()

    def _get_api_key(self, user):
        if user not in self.api_keys:
            keys = self.env["res.users.apikeys"].with_user(user).sudo()
            self.api_keys[user] = keys._generate("rpc", "test", fields.Datetime.now() + timedelta(hours=1))
        return self.api_keys[user]

    def _assert_refused(self, status, user, model, method, **arguments):
        """:return: the message of the refusal"""
        with mute_logger("odoo.http"):
            response = self._post(user, model, method, **arguments)
        self.assertEqual(response.status_code, status, f"{user.login} {model}.{method}: {response.text[:200]}")
        self.env.invalidate_all()
        return response.json()["message"]

    def _assert_sees(self, user, deals):
        """Of the deals of this test and what hangs on them, the user finds and reads those of ``deals`` and no more."""
        for model, field in OPENED.items():
            with self.subTest(user=user.login, model=model):
                visible = self.env["crm.lead"]
                for deal in self.all_deals:
                    domain = [[field, "=", self._get_value(deal, model)]]
                    if self._call(user, model, "search_count", domain=domain):
                        visible |= deal
                self.assertEqual(visible, deals)
        for deal in self.all_deals - deals:
            for record in (deal, self.orders[deal]):
                self._assert_refused(FORBIDDEN, user, record._name, "read", ids=record.ids, fields=["deal_number"])

    def _get_value(self, deal, model):
        if model.startswith("crm."):
            return deal.id
        order = self.orders[deal]
        return f"sale.order,{order.id}" if model == "sale.report" else order.id


@tagged("post_install", "-at_install", "access")
class TestTeamAccess(AccessCommon):
    """The team level between own documents and all."""

    def test_salesperson_sees_own(self):
        self._assert_sees(self.salesperson, self.mate_deal)

    def test_member_sees_the_team(self):
        self._assert_sees(self.member, self.mate_deal | self.member_deal)

    def test_leader_sees_the_team(self):
        self._assert_sees(self.leader, self.mate_deal | self.member_deal)

    def test_leader_and_member_of_two_teams_sees_both(self):
        self.other_team.user_id = self.member
        self._assert_sees(self.member, self.all_deals)

    def test_leader_without_the_group_sees_own(self):
        self.leader.group_ids = [
            Command.unlink(self.env.ref("sales_management.group_team").id),
            Command.link(self.env.ref("sales_team.group_sale_salesman").id),
        ]
        self._assert_sees(self.leader, self.env["crm.lead"])

    def test_membership_without_the_group_gives_nothing(self):
        self.stranger.group_ids = self.env.ref("sales_team.group_sale_salesman")
        self._join(self.stranger, self.team)
        self._assert_sees(self.stranger, self.foreign_deal)

    def test_archived_membership_gives_nothing(self):
        former = self._create_user("former", "sales_management.group_team")
        membership = self._join(former, self.team)
        self._assert_sees(former, self.mate_deal | self.member_deal)
        membership.active = False
        self._assert_sees(former, self.env["crm.lead"])

    def test_group_of_all_documents_implies_the_team_level(self):
        every = self._create_user("every", "sales_team.group_sale_salesman_all_leads")
        self.assertTrue(
            self._call(every, "res.users", "has_group", ids=every.ids, group_ext_id="sales_management.group_team")
        )
        self._assert_sees(every, self.all_deals)

    def test_manager_sees_all(self):
        self._assert_sees(self.manager, self.all_deals)

    def test_team_level_writes_what_it_sees(self):
        order = self.orders[self.mate_deal]
        self._call(self.leader, "crm.lead", "write", ids=self.mate_deal.ids, vals={"name": "Renamed"})
        self._call(self.leader, "sale.order", "write", ids=order.ids, vals={"client_order_ref": "PO 7"})
        self.assertEqual((self.mate_deal.name, order.client_order_ref), ("Renamed", "PO 7"))

    def test_team_level_writes_nothing_else(self):
        order = self.orders[self.foreign_deal]
        for model, record, field in (
            ("crm.lead", self.foreign_deal, "name"),
            ("sale.order", order, "client_order_ref"),
            ("sale.order.line", order.order_line, "name"),
        ):
            with self.subTest(model):
                self._assert_refused(FORBIDDEN, self.leader, model, "write", ids=record.ids, vals={field: "Mine"})

    def test_team_level_deletes_no_deal(self):
        self._assert_refused(FORBIDDEN, self.leader, "crm.lead", "unlink", ids=self.mate_deal.ids)

    def test_stock_and_finance_see_no_deal(self):
        for user in (self.stock, self.finance):
            with self.subTest(user.login):
                self._assert_refused(FORBIDDEN, user, "crm.lead", "search_count", domain=[])
                self._assert_refused(FORBIDDEN, user, "crm.lead", "read", ids=self.mate_deal.ids, fields=["name"])

    def _join(self, user, team):
        return self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": user.id})


@tagged("post_install", "-at_install", "access")
class TestDealNumberAccess(AccessCommon):
    """Who may read a deal number, and that nobody may change one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls._create_user("administrator", "base.group_system,sales_team.group_sale_manager")
        cls.number = cls.mate_deal.deal_number

    # === Nobody changes a number === #

    def test_number_is_not_writable(self):
        for user in (self.salesperson, self.leader, self.manager, self.administrator):
            for value in ("D1999-00001", "", False):
                with self.subTest(user=user.login, value=value):
                    message = self._assert_refused(
                        REFUSED, user, "crm.lead", "write", ids=self.mate_deal.ids, vals={"deal_number": value}
                    )
                    self.assertIn(self.number, message)
        self.assertEqual(self.mate_deal.deal_number, self.number)

    def test_former_numbers_are_not_writable(self):
        for user in (self.salesperson, self.leader, self.manager, self.administrator):
            vals = {"former_deal_numbers": "D1999-00001"}
            with self.subTest(user.login):
                self._assert_refused(REFUSED, user, "crm.lead", "write", ids=self.mate_deal.ids, vals=vals)
                self._assert_refused(REFUSED, user, "crm.lead", "create", vals_list=[{"name": "New", **vals}])
        self.assertFalse(self.mate_deal.former_deal_numbers)

    def test_web_client_and_import_change_no_number(self):
        self.authenticate(self.salesperson.login, self.salesperson.login)
        with self.assertRaisesRegex(JsonRpcException, "UserError"), mute_logger("odoo.http"):
            arguments = [self.mate_deal.ids, {"deal_number": "D1999-00001"}]
            self._call_kw("crm.lead", "web_save", arguments, specification={})
        result = self._call_kw("crm.lead", "load", [[".id", "deal_number"], [[str(self.mate_deal.id), "D1999-00001"]]])
        self.assertFalse(result["ids"])
        self.assertIn(self.number, result["messages"][0]["message"])
        self.env.invalidate_all()
        self.assertEqual(self.mate_deal.deal_number, self.number)

    def test_context_keys_change_nothing(self):
        context = {
            "su": True,
            "sudo": True,
            "uid": self.administrator.id,
            "active_test": False,
            "import_file": True,
            "install_mode": True,
            "module": "sales_management",
            "allowed_company_ids": self.env.companies.ids,
        }
        arguments = {"ids": self.mate_deal.ids, "context": context}
        for values in ({"deal_number": "D1999-00001"}, {"former_deal_numbers": "D1999-00001"}):
            self._assert_refused(REFUSED, self.salesperson, "crm.lead", "write", vals=values, **arguments)
        self._assert_refused(
            FORBIDDEN, self.salesperson, "crm.lead", "read", ids=self.foreign_deal.ids, fields=["name"], context=context
        )
        self._assert_refused(FORBIDDEN, self.finance, "sales.deal.number", "search_count", domain=[], context=context)

    def test_context_defaults_are_no_way_round_the_checks(self):
        former = {"default_former_deal_numbers": "D1999-00001"}
        taken = {"default_deal_number": f"{self.number}, D1999-00001"}
        values = [{"name": "New", "type": "opportunity"}]
        for context in (former, taken):
            with self.subTest(context):
                ids = self._call(self.salesperson, "crm.lead", "create", vals_list=values, context=context)
                created = self.env["crm.lead"].browse(ids)
                self.assertRegex(created.deal_number, r"^D\d{4}-\d{5,}$")
                self.assertFalse(created.former_deal_numbers)

    def test_number_of_a_document_is_not_writable(self):
        order = self.orders[self.mate_deal]
        order.action_confirm()
        vals = {"deal_number": "D1999-00001"}
        for user, record in ((self.salesperson, order), (self.manager, order), (self.stock, order.picking_ids)):
            with self.subTest(user=user.login, model=record._name):
                self._assert_refused(REFUSED, user, record._name, "write", ids=record.ids, vals=vals)
                self.assertEqual(record.deal_number, self.number)

    # === Retired numbers === #

    def test_manager_reads_retired_numbers(self):
        self.member_deal.unlink()
        domain = [["deal_name", "=", "Deal of Member"]]
        rows = self._call(self.manager, "sales.deal.number", "search_read", domain=domain, fields=["name"])
        self.assertEqual(len(rows), 1)

    def test_others_read_no_retired_numbers(self):
        for user in (self.salesperson, self.leader, self.finance, self.stock, self.portal):
            self._assert_refused(FORBIDDEN, user, "sales.deal.number", "search_count", domain=[])

    def test_nobody_writes_retired_numbers(self):
        self.member_deal.unlink()
        retired = self.env["sales.deal.number"].search([("deal_name", "=", "Deal of Member")])
        vals = {"name": "D1999-00001"}
        for user in (self.salesperson, self.manager, self.administrator, self.finance):
            with self.subTest(user.login):
                self._assert_refused(FORBIDDEN, user, "sales.deal.number", "create", vals_list=[vals])
                self._assert_refused(FORBIDDEN, user, "sales.deal.number", "write", ids=retired.ids, vals=vals)
                self._assert_refused(FORBIDDEN, user, "sales.deal.number", "unlink", ids=retired.ids)
        self.assertTrue(retired.exists())

    # === Finance === #

    def test_finance_names_the_deal_of_an_opening_balance(self):
        invoice = self._create_opening_invoice()
        self._call(self.finance, "account.move", "write", ids=invoice.ids, vals={"deal_numbers": self.number})
        self.assertEqual(invoice.sudo().deal_ids, self.mate_deal)
        rows = self._call(
            self.finance,
            "account.move",
            "search_read",
            domain=[["deal_numbers", "ilike", self.number]],
            fields=["deal_numbers"],
        )
        self.assertEqual(rows, [{"id": invoice.id, "deal_numbers": self.number}])

    def test_finance_reads_no_deal_behind_the_number(self):
        invoice = self._create_opening_invoice()
        invoice.deal_numbers = self.number
        for arguments in ({"fields": ["deal_ids"]}, {"fields": ["deal_ids.name"]}):
            with self.subTest(arguments), mute_logger("odoo.http"):
                self.assertFalse(self._post(self.finance, "account.move", "read", ids=invoice.ids, **arguments).ok)
        domain = [["deal_ids.name", "ilike", "Deal"]]
        self._assert_refused(FORBIDDEN, self.finance, "account.move", "search_count", domain=domain)
        self.assertNotIn("deal_ids", self._call(self.finance, "account.move", "fields_get", attributes=["type"]))

    def test_salesperson_changes_no_invoice(self):
        invoice = self._create_opening_invoice()
        vals = {"deal_numbers": self.number}
        self._assert_refused(FORBIDDEN, self.salesperson, "account.move", "write", ids=invoice.ids, vals=vals)

    # === Private methods === #

    def test_private_methods_refuse_rpc(self):
        for method, arguments in (
            ("_draw_deal_numbers", {"ids": self.mate_deal.ids}),
            ("_find_by_deal_numbers", {"numbers": [self.number]}),
            ("_get_deal_sequence", {"company_id": self.env.company.id}),
        ):
            with self.subTest(method):
                self._assert_refused(FORBIDDEN, self.administrator, "crm.lead", method, **arguments)

    def test_private_methods_refuse_the_web_client(self):
        self.authenticate(self.administrator.login, self.administrator.login)
        for method, arguments in (
            ("_draw_deal_numbers", [self.mate_deal.ids]),
            ("_find_by_deal_numbers", [[self.number]]),
            ("_get_deal_sequence", [self.env.company.id]),
        ):
            with (
                self.subTest(method),
                mute_logger("odoo.http"),
                self.assertRaisesRegex(JsonRpcException, "AccessError"),
            ):
                self._call_kw("crm.lead", method, arguments)

    # === Customers === #

    def test_portal_sees_the_numbers_of_no_one_else(self):
        self._assert_refused(
            FORBIDDEN, self.portal, "crm.lead", "search_count", domain=[["deal_number", "=", self.number]]
        )
        self.orders[self.mate_deal].action_confirm()
        for model, field in (
            ("sale.order", "deal_number"),
            ("stock.picking", "deal_number"),
            ("account.move", "deal_numbers"),
        ):
            with self.subTest(model):
                rows = self._call(self.portal, model, "search_read", domain=[[field, "!=", False]], fields=[field])
                self.assertFalse(rows)

    def test_portal_sees_the_number_of_an_own_quotation(self):
        order = self.orders[self.mate_deal]
        order.write({"partner_id": self.portal.partner_id.id, "state": "sent"})
        rows = self._call(self.portal, "sale.order", "search_read", domain=[], fields=["deal_number"])
        self.assertEqual(rows, [{"id": order.id, "deal_number": self.number}])

    def test_public_sees_nothing(self):
        with mute_logger("odoo.http"):
            for model in ("crm.lead", "sale.order", "account.move", "sales.deal.number"):
                response = self._post(None, model, "search_read", domain=[])
                self.assertEqual(response.status_code, HTTPStatus.UNAUTHORIZED)
        self.authenticate(None, None)
        page = self.url_open(f"/my/orders/{self.orders[self.mate_deal].id}")
        self.assertNotIn(self.number, page.text)

    # === Tools === #

    def _call_kw(self, model, method, args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)

    def _create_opening_invoice(self):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create({"name": "Opening balance", "price_unit": 100.0})],
            }
        )
