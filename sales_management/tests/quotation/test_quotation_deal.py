from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tests.test_access_rights import AccessCommon


class QuotationDealCommon(DealDocumentCommon):
    """A company that keeps its quotations safe."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_quotation_enabled = True
        cls.service = cls.env["product.product"].create({"name": "Assembly", "type": "service", "list_price": 50})

    @classmethod
    def _set_policy(cls, level="block", **values):
        return cls.env["sales.policy"].create(
            {"code": "quotation_deal", "level": level, "company_id": cls.company.id, **values}
        )

    @classmethod
    def _exempt(cls, kind, **values):
        return cls.env["sales.quotation.exemption"].create({"kind": kind, **values})

    @staticmethod
    def _get_enforcements(order):
        return [found.enforcement for found in order._get_release_blockers()[order] if found.code == "deal"]

    def _assert_missing(self, order, is_missing=True):
        """In the column, for whoever searches, and at the gate."""
        self.assertEqual(order.is_deal_missing, is_missing)
        self.env.flush_all()
        order.invalidate_recordset()
        self.assertEqual(order.is_deal_missing, is_missing)
        self.assertEqual(self._get_enforcements(order) == ["block"], is_missing)
        found = self.env["sale.order"].search([("id", "=", order.id), ("is_released", "=", False)])
        self.assertEqual(bool(found), is_missing)


@tagged("post_install", "-at_install", "quotation")
class TestQuotationDeal(QuotationDealCommon):
    """What a quotation without a deal may do, and from when on."""

    # === Policy === #

    def test_off_asks_nothing(self):
        order = self._create_order()
        self._assert_missing(order, False)
        order._check_released()

    def test_switched_off_asks_nothing(self):
        self._set_policy()
        order = self._create_order()
        self._assert_missing(order)
        self.company.sales_quotation_enabled = False
        self._assert_missing(order, False)
        self.company.sales_quotation_enabled = True
        self._assert_missing(order)

    def test_switched_off_costs_no_query(self):
        self.company.sales_quotation_enabled = False
        self._set_policy()
        order = self._create_order()
        self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        with self.assertQueryCount(0):
            self.assertFalse(order._get_missing_deal_levels())

    def test_warn_says_so_and_lets_pass(self):
        self._set_policy("warn")
        order = self._create_order()
        self._assert_missing(order, False)
        self.assertEqual(self._get_enforcements(order), ["warn"])
        order._check_released()

    def test_block_refuses_and_offers_the_dialog(self):
        self._set_policy()
        order = self._create_order()
        self._assert_missing(order)
        with self.assertRaisesRegex(BlockedError, "belongs to no deal") as caught:
            order._check_released()
        self.assertEqual(caught.exception.args[1]["res_model"], "sales.quotation.deal")
        order.order_line.price_unit = 4  # drafting stays free
        order.opportunity_id = self._create_deals(partner_id=self.customer.id)
        self._assert_missing(order, False)
        order._check_released()
        order.opportunity_id = False
        self._assert_missing(order)

    def test_lead_is_no_deal(self):
        self._set_policy()
        lead = self._create_deals(type="lead", partner_id=self.customer.id)
        order = self._create_order(lead)
        self._assert_missing(order)
        lead.convert_opportunity(self.customer)
        self._assert_missing(order, False)

    def test_change_of_policy_reaches_open_quotations(self):
        order = self._create_order()
        policy = self._set_policy("warn")
        self._assert_missing(order, False)
        policy.action_set_block()
        self._assert_missing(order)
        policy.active = False
        self._assert_missing(order, False)
        policy.active = True
        self._assert_missing(order)
        policy.team_ids = self.other_team
        self._assert_missing(order, False)
        order.team_id = self.other_team
        self._assert_missing(order)
        policy.unlink()
        self._assert_missing(order, False)

    def test_quotations_before_the_policy_are_not_asked(self):
        order = self._create_order()
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET create_date = '2020-01-01' WHERE id = %s", [order.id])
        order.invalidate_recordset()
        self._set_policy(active_from=fields.Date.today())
        self._assert_missing(order, False)
        self._assert_missing(self._create_order())

    def test_policy_begins_on_its_day(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env.registry.clear_cache()
        day = fields.Datetime.now().replace(hour=12) + timedelta(days=3)
        self._set_policy(active_from=day.date())
        early = self._create_order()
        self._assert_missing(early, False)
        with freeze_time(day):
            late = self._create_order()
            self.env.flush_all()
            # The database tells its own time, not the frozen one.
            self.env.cr.execute("UPDATE sale_order SET create_date = %s WHERE id = %s", [day, late.id])
            (early | late).invalidate_recordset()
            self.env["sale.order"]._cron_reevaluate_deals()
            self._assert_missing(early, False)
            self._assert_missing(late)

    def test_confirmed_order_stays_as_it_was(self):
        order = self._create_order()
        order.action_confirm()
        self._set_policy()
        order.team_id = self.other_team
        self._assert_missing(order, False)
        order._check_released()

    def test_order_from_the_start_is_asked(self):
        self._set_policy()
        order = self.env["sale.order"].new({"partner_id": self.customer.id, "state": "sale"})
        self.assertTrue(order.is_deal_missing)

    def test_another_company_is_not_asked(self):
        self._set_policy(company_id=False)
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "company_id": other.id})
        self._assert_missing(order, False)

    def test_number_of_queries_does_not_grow(self):
        self._set_policy()
        self._exempt("service")
        self._exempt("team", team_id=self.other_team.id)
        counts = []
        for size in (2, 20):
            orders = self.env["sale.order"].union(*(self._create_order() for _position in range(size)))
            self.env.flush_all()
            self.env.invalidate_all()
            orders._get_release_blockers()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._get_release_blockers()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_figure_of_what_would_have_stopped(self):
        policy = self._set_policy("warn")
        self._create_order(self._create_deals(partner_id=self.customer.id))
        self._create_order()
        self._exempt("team", team_id=self.other_team.id)
        self._create_order(team_id=self.other_team.id)
        count, total = policy._get_would_stop()[policy]
        everything = policy._get_recent_quotations()
        self.assertEqual((count, total), (1, len(everything.filtered(lambda order: order.company_id == self.company))))

    # === Exemptions === #

    def test_exemptions(self):
        child = self.env["res.partner"].create({"name": "Wang", "parent_id": self.customer.id, "type": "contact"})
        self._set_policy()
        order = self._create_order(partner_id=child.id, team_id=self.other_team.id)
        self._assert_missing(order)
        for kind, values in (
            ("team", {"team_id": self.other_team.id}),
            ("customer", {"partner_id": self.customer.id}),
            ("customer", {"partner_id": child.id}),
        ):
            with self.subTest(kind):
                exemption = self._exempt(kind, **values)
                self._assert_missing(order, False)
                exemption.active = False
                self._assert_missing(order)
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        self._exempt("team", team_id=self.other_team.id, company_id=other.id)
        self._assert_missing(order)

    def test_services_only(self):
        self._set_policy()
        exemption = self._exempt("service")
        order = self._create_order(order_line=[Command.create({"product_id": self.service.id})])
        self._assert_missing(order, False)
        order.order_line = [Command.create({"product_id": self.bolt.id})]
        self._assert_missing(order)
        order.order_line[-1:].unlink()
        self._assert_missing(order, False)
        exemption.unlink()
        self._assert_missing(order)
        self._exempt("service")
        self._assert_missing(self._create_order(order_line=[]))

    def test_web_shop_and_point_of_sale_wait_for_their_addons(self):
        self._set_policy()
        self._exempt("website")
        self._exempt("pos")
        order = self._create_order()
        is_there = {"website_id", "pos_order_line_ids"} & order._fields.keys()
        self.assertTrue(is_there or order.is_deal_missing)

    def test_only_managers_exempt(self):
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.env["sales.quotation.exemption"].with_user(self.member).create({"kind": "service"})
        self.env["sales.quotation.exemption"].with_user(self.manager).create({"kind": "service"})

    # === The deal under a quotation === #

    def test_deleted_deal(self):
        self._set_policy()
        deal = self._create_deals(partner_id=self.customer.id)
        order = self._create_order(deal)
        self._assert_missing(order, False)
        deal.unlink()
        self._assert_missing(order)

    def test_merged_deal(self):
        self._set_policy()
        deals = self._create_deals(2, partner_id=self.customer.id)
        orders = self._create_order(deals[0]) | self._create_order(deals[1])
        deals.merge_opportunity()
        for order in orders:
            self._assert_missing(order, False)
        self.assertEqual(len(orders.opportunity_id), 1)

    def test_lost_deal_is_named(self):
        deal = self._create_deals(partner_id=self.customer.id)
        order = self._create_order(deal)
        deal.action_set_lost()
        self.assertFalse(self._get_enforcements(order))
        self._set_policy()
        self._assert_missing(order, False)
        self.assertEqual(self._get_enforcements(order), ["warn"])
        self.assertRegex(order.release_message, f"{deal.deal_number}.*is lost")

    def test_deal_of_another_customer_is_named(self):
        self._set_policy()
        stranger = self.env["res.partner"].create({"name": "Suzhou Nuts"})
        order = self._create_order(self._create_deals(partner_id=stranger.id))
        self.assertEqual(self._get_enforcements(order), ["warn"])
        self.assertIn("Suzhou Nuts", order.release_message)

    def test_deal_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Ningbo Nuts"})
        deal = self._create_deals(partner_id=self.customer.id, company_id=other.id, user_id=False, team_id=False)
        with self.assertRaises(UserError):
            self._create_order(deal)


@tagged("post_install", "-at_install", "quotation")
class TestQuotationDealRpc(AccessCommon, QuotationDealCommon):
    """What the interface hides proves nothing about the server."""

    def test_column_is_nobodys_to_write(self):
        self._set_policy()
        order = self._create_order(user_id=self.salesperson.id)
        for method, arguments in (
            ("write", {"ids": order.ids, "vals": {"is_deal_missing": False}}),
            ("create", {"vals_list": [{"partner_id": self.customer.id, "is_deal_missing": False}]}),
        ):
            with self.subTest(method), mute_logger("odoo.http"):
                response = self._post(self.salesperson, "sale.order", method, **arguments)
                self.assertNotEqual(response.status_code, 200)
        self._assert_missing(order)

    def test_context_and_import_decide_nothing(self):
        self._set_policy()
        context = {"default_is_deal_missing": False, "default_opportunity_id": False, "is_deal_missing": False}
        ids = self._call(
            self.salesperson,
            "sale.order",
            "create",
            vals_list=[{"partner_id": self.customer.id, "user_id": self.salesperson.id}],
            context=context,
        )
        order = self.env["sale.order"].browse(ids)
        self._assert_missing(order)
        result = self._call(
            self.salesperson,
            "sale.order",
            "load",
            fields=["partner_id/.id", "is_deal_missing"],
            data=[[str(self.customer.id), "False"]],
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_exemptions_and_policies_are_the_managers(self):
        with mute_logger("odoo.http"):
            for model, values in (
                ("sales.quotation.exemption", {"kind": "service"}),
                ("sales.policy", {"code": "quotation_deal", "level": "off"}),
            ):
                response = self._post(self.salesperson, model, "create", vals_list=[values])
                self.assertEqual(response.status_code, 403)
