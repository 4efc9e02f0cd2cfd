"""What customers read over the programming interfaces, by real calls."""

from xmlrpc.client import Fault

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.tests.quotation.content_gate_common import ContentGateMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon

MODELS = ("sale.order", "sale.order.line")
DOMAIN_FIELD = {"sale.order": "id", "sale.order.line": "order_id"}


class PortalRuleCommon(ContentGateMixin, AccessCommon, HttpCase):
    """Quotations of a customer with a portal account, in each state that their columns can be in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.portal.partner_id
        cls.readable = {
            "neutral": cls._place(),
            "sent": cls._place(state="sent"),
            "approved": cls._place(approval_state="approved"),
            "grandfathered": cls._place(approval_state="grandfathered"),
            "order": cls._place(state="sale"),
            "order without deal": cls._place(state="sale", is_deal_missing=True),
            "cancelled": cls._place(state="cancel"),
            "cancelled after it was handed over": cls._place(
                state="cancel", approval_state="to_submit", handed_over_at="2026-01-01"
            ),
            "written past the ORM": cls._place(is_current_revision=None, is_deal_missing=None, approval_state=None),
        }
        family = cls.env["sales.quotation.family"].sudo().create({"name": "S1", "company_id": cls.env.company.id})
        cls.hidden = {
            "to submit": cls._place(approval_state="to_submit"),
            "pending": cls._place(approval_state="pending"),
            "rejected": cls._place(approval_state="rejected"),
            "changed after it was sent": cls._place(
                state="sent", approval_state="to_submit", handed_over_at="2026-01-01"
            ),
            "without deal": cls._place(is_deal_missing=True),
            "replaced before it left": cls._place(
                state="cancel", is_current_revision=False, quotation_family_id=family.id
            ),
            "cancelled before it was approved": cls._place(state="cancel", approval_state="rejected"),
        }
        cls.orders_of_customer = cls.env["sale.order"].union(*cls.readable.values(), *cls.hidden.values())

    @classmethod
    def _place(cls, **columns):
        order = cls._create_order()
        if columns:
            cls._set_columns(order, **columns)
        return order

    def _get_ids(self, model, orders):
        return sorted(orders.ids if model == "sale.order" else orders.order_line.ids)


@tagged("post_install", "-at_install", "access", "quotation")
class TestPortalRule(PortalRuleCommon):
    def _get_all(self, kind):
        return self.env["sale.order"].union(*kind.values())

    # === /json/2 === #

    def test_hole_j_customers_find_what_is_released(self):
        for model in MODELS:
            domain = [[DOMAIN_FIELD[model], "in", self.orders_of_customer.ids]]
            found = self._call(self.portal, model, "search_read", domain=domain, fields=["id"])
            with self.subTest(model):
                self.assertEqual(sorted(row["id"] for row in found), self._get_ids(model, self._get_all(self.readable)))

    def test_customers_read_what_is_released(self):
        for name, order in self.readable.items():
            with self.subTest(name):
                self._call(self.portal, "sale.order", "read", ids=order.ids, fields=["amount_total"])
                self._call(self.portal, "sale.order.line", "read", ids=order.order_line.ids, fields=["price_unit"])

    def test_hole_j_customers_read_nothing_else(self):
        for name, order in self.hidden.items():
            with self.subTest(name):
                self._assert_refused(FORBIDDEN, self.portal, "sale.order", "read", ids=order.ids, fields=["name"])
                self._assert_refused(
                    FORBIDDEN, self.portal, "sale.order.line", "read", ids=order.order_line.ids, fields=["price_unit"]
                )
                self._assert_refused(
                    REFUSED, self.portal, "sale.order", "export_data", ids=order.ids, fields_to_export=["name"]
                )

    def test_sums_and_names_tell_nothing_else(self):
        ids, readable = self.orders_of_customer.ids, self._get_all(self.readable)
        for model in MODELS:
            field = DOMAIN_FIELD[model]
            sums = self._call(
                self.portal, model, "formatted_read_group", domain=[[field, "in", ids]], aggregates=["__count"]
            )
            with self.subTest(model):
                self.assertEqual(sums[0]["__count"], len(self._get_ids(model, readable)))
                self.assertEqual(
                    self._call(self.portal, model, "search_count", domain=[[field, "in", ids]]),
                    len(self._get_ids(model, readable)),
                )
        names = self._call(self.portal, "sale.order", "name_search", name="S", domain=[["id", "in", ids]], limit=100)
        self.assertEqual(sorted(row[0] for row in names), sorted(readable.ids))
        self._assert_refused(FORBIDDEN, self.portal, "sale.report", "search_read", domain=[], fields=["price_total"])

    def test_searching_tells_nothing_else(self):
        """A customer who asks for the price of a line learns nothing from what is found."""
        hidden = self._get_all(self.hidden)
        domain = [["order_line.price_unit", ">", 0], ["id", "in", hidden.ids]]
        self.assertFalse(self._call(self.portal, "sale.order", "search", domain=domain))

    # === Other interfaces === #

    @mute_logger("odoo.http", "odoo.addons.rpc", "odoo.addons.base.models.ir_rule")
    def test_hole_j_other_interfaces(self):
        good, bad = self.readable["approved"], self.hidden["pending"]
        self.env.flush_all()
        self.authenticate("sm_portal", "sm_portal")
        credentials = [self.env.cr.dbname, self.portal.id, "sm_portal", "sale.order", "read"]
        refusals = {"/xmlrpc/2": Fault}
        calls = {
            "/web/dataset/call_kw": lambda ids: self.make_jsonrpc_request(
                "/web/dataset/call_kw/sale.order/read",
                {"model": "sale.order", "method": "read", "args": [ids, ["name"]], "kwargs": {}},
            ),
            "/xmlrpc/2": lambda ids: self.xmlrpc_object.execute_kw(*credentials, [ids, ["name"]]),
            "/jsonrpc": lambda ids: self.make_jsonrpc_request(
                "/jsonrpc",
                {"service": "object", "method": "execute_kw", "args": [*credentials, [ids, ["name"]]]},
            ),
        }
        for name, call in calls.items():
            with self.subTest(name):
                self.assertEqual(call(good.ids)[0]["name"], good.name)
                with self.assertRaises(refusals.get(name, JsonRpcException)):
                    call(bad.ids)

    # === Others === #

    def test_users_inside_read_as_before(self):
        for user in (self.manager, self.finance):
            found = self.env["sale.order"].with_user(user).search([("id", "in", self.orders_of_customer.ids)])
            self.assertEqual(len(found), len(self.orders_of_customer))

    def test_other_customers_read_nothing_more(self):
        """The rule narrows what core's opens, and opens nothing."""
        self.readable["order"].partner_id = self.env["res.partner"].create({"name": "Another"})
        with self.assertRaises(AccessError):
            self.readable["order"].with_user(self.portal).read(["name"])

    def test_everything_is_read_while_nothing_is_configured(self):
        fresh = self._create_order()
        self.assertTrue(fresh.with_user(self.portal).read(["amount_total"]))
        self.assertTrue(fresh.order_line.with_user(self.portal).read(["price_unit"]))

    def test_rows_without_values_count_as_neutral(self):
        order = self.readable["written past the ORM"]
        self.env.cr.execute(SQL("SELECT approval_state FROM sale_order WHERE id = %s", order.id))
        self.assertEqual(self.env.cr.fetchone(), (None,))
        self.assertTrue(order.with_user(self.portal).search([("id", "=", order.id)]))

    # === Switch === #

    def test_switch_of_the_settings(self):
        hidden = self.hidden["pending"]
        settings = self.env["res.config.settings"]
        self.assertTrue(settings.create({}).is_portal_limited)
        settings.create({"is_portal_limited": False}).execute()
        self.assertTrue(hidden.with_user(self.portal).read(["name"]))
        self.assertTrue(hidden.order_line.with_user(self.portal).read(["name"]))
        settings.create({}).execute()
        self.assertTrue(hidden.with_user(self.portal).read(["name"]), "Saving other settings leaves it.")
        settings.create({"is_portal_limited": True}).execute()
        with self.assertRaises(AccessError):
            hidden.with_user(self.portal).read(["name"])
