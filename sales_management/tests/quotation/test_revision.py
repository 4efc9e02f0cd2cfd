from markupsafe import Markup
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.quotation.revision_common import RevisionCommon


@tagged("post_install", "-at_install", "quotation")
class TestRevision(RevisionCommon):
    """One click: the same paper once more, and the old one put aside."""

    # === What a revision is === #

    def test_revision_says_the_same(self):
        order = self._create_quotation()
        before = order._get_content()[order]
        revision = self._revise(order, self.salesperson)
        after = revision._get_content()[revision]
        self.assertEqual(after, before)
        self.assertEqual(revision._get_content_digests()[revision], order._get_content_digests()[order])
        names = ["opportunity_id", "deal_number", "origin", "client_order_ref", "user_id", "team_id", "pricelist_id"]
        self.assertEqual([revision[name] for name in names], [order[name] for name in names])
        self.assertEqual(revision.amount_total, order.amount_total)
        self.assertEqual(revision.order_line.mapped("purchase_price"), order.order_line.mapped("purchase_price"))

    def test_numbers_and_states(self):
        order = self._create_quotation()
        name = order.name
        second = self._revise(order)
        third = self._revise(second)
        self.assertEqual([second.name, third.name], [f"{name}-R2", f"{name}-R3"])
        orders = order | second | third
        self.assertEqual(orders.mapped("quotation_revision"), [1, 2, 3])
        self.assertEqual(orders.mapped("is_current_revision"), [False, False, True])
        self.assertEqual(orders.mapped("state"), ["cancel", "cancel", "draft"])
        self.assertEqual((order.superseded_by_id, second.superseded_by_id), (second, third))
        self.assertEqual(orders.current_revision_id, third)
        self.assertEqual(set(orders.mapped("revision_count")), {3})
        self.assertEqual(orders.quotation_family_id.name, name)

    def test_price_does_not_follow_the_pricelist(self):
        order = self._create_quotation()
        self.bolt.list_price = 99.0
        self.bolt.standard_price = 42.0
        revision = self._revise(order)
        line = revision.order_line.filtered(lambda line: line.product_id == self.bolt)
        self.assertEqual((line.price_unit, line.discount, line.purchase_price), (0.8237, 7.5, 0.0))

    def test_tags_and_files_go_along(self):
        order = self._create_quotation(tag_ids=[Command.create({"name": "Urgent"})])
        files = self.env["ir.attachment"]
        drawing = files.create({"name": "drawing.txt", "raw": b"M8", "res_model": "sale.order", "res_id": order.id})
        order.message_post(body=Markup("Sent"), attachments=[("S00042.pdf", b"old paper")])
        revision = self._revise(order, self.salesperson)
        found = files.search([("res_model", "=", "sale.order"), ("res_id", "=", revision.id)])
        self.assertEqual(found.mapped("name"), ["drawing.txt"])
        self.assertEqual(found.raw, b"M8")
        self.assertTrue(drawing.exists())
        self.assertEqual(revision.tag_ids.name, "Urgent")

    def test_lines_that_hang_on_others(self):
        order = self._create_quotation()
        bolt, service = order.order_line.filtered(lambda line: line.product_id in (self.bolt, self.service))
        service.linked_line_id = bolt
        revision = self._revise(order)
        twin = revision.order_line.filtered(lambda line: line.product_id == self.service)
        self.assertEqual(twin.linked_line_id.order_id, revision)
        self.assertEqual(twin.linked_line_id.product_id, self.bolt)
        again = self._revise(revision)
        origins = dict(zip(order.order_line, again.order_line, strict=True))
        self.assertEqual([line.id for line in origins], [line.revision_origin for line in origins.values()])

    def test_combo_keeps_its_parts(self):
        combo = self.env["product.combo"].create(
            {"name": "Kit", "combo_item_ids": [Command.create({"product_id": self.nut.id})]}
        )
        kit = self.env["product.product"].create(
            {"name": "Kit", "type": "combo", "list_price": 7.0, "combo_ids": [Command.set(combo.ids)]}
        )
        order = self._create_quotation(
            order_line=[
                Command.create({"product_id": kit.id, "virtual_id": "kit"}),
                Command.create(
                    {
                        "product_id": self.nut.id,
                        "combo_item_id": combo.combo_item_ids.id,
                        "linked_virtual_id": "kit",
                        "price_unit": 6.5,
                    }
                ),
            ]
        )
        revision = self._revise(order)
        self.assertEqual(revision.order_line[1].linked_line_id, revision.order_line[0])
        self.assertEqual(revision._get_content()[revision], order._get_content()[order])

    def test_plans_of_people_go_along(self):
        order = self._create_quotation()
        activity = order.activity_schedule("mail.mail_activity_data_call", user_id=self.salesperson.id, automated=False)
        revision = self._revise(order)
        self.assertEqual(activity.res_id, revision.id)
        self._discard(revision)
        self.assertEqual(activity.res_id, order.id)

    def test_salesperson_revises_what_others_may_not_see(self):
        order = self._create_quotation()
        with self.assertRaises(AccessError):
            order.with_user(self.finance).action_create_revision()
        stranger = self._create_quotation(user_id=self.manager.id, team_id=False)
        with self.assertRaises(AccessError):
            stranger.with_user(self.salesperson).action_create_revision()

    def test_context_gives_no_values(self):
        order = self._create_quotation()
        hostile = {"default_state": "sale", "default_order_id": 1, "default_name": "X", "default_locked": True}
        action = order.with_user(self.salesperson).with_context(**hostile).action_create_revision()
        revision = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual((revision.state, revision.handed_over_at), ("draft", False))
        self.assertEqual(len(revision.order_line), len(order.order_line))

    def test_new_one_has_a_link_of_its_own(self):
        order = self._create_quotation()
        token = order._portal_ensure_token()
        self.assertNotEqual(self._revise(order)._portal_ensure_token(), token)

    def test_copy_is_another_quotation(self):
        revision = self._revise(self._create_quotation())
        copy = revision.copy()
        self.assertFalse(copy.quotation_family_id)
        self.assertEqual((copy.quotation_revision, copy.is_current_revision, copy.revision_count), (1, True, 1))
        self.assertNotIn("-R", copy.name)

    def test_alternatives_of_a_deal_are_families_of_their_own(self):
        one, other = self._create_quotation(), self._create_quotation()
        revision = self._revise(one)
        self._revise(other)
        self.assertEqual(len(self.deal.order_ids.quotation_family_id), 2)
        self.assertTrue(revision.is_current_revision)

    def test_database_allows_one_current_revision(self):
        order = self._create_quotation()
        self._revise(order)
        for values in ({"is_current_revision": True, "state": "draft"}, {"state": "draft"}):
            refusal = self.assertRaises(IntegrityError)
            with self.subTest(values), mute_logger("odoo.sql_db"), refusal, self.cr.savepoint():
                order.sudo().write(values)
                self.env.flush_all()

    # === What is refused === #

    def _assert_refused(self, order, text):
        with self.assertRaisesRegex(UserError, text):
            order.action_create_revision()
        self.assertTrue(order.is_current_revision)

    def test_only_open_quotations(self):
        order = self._create_quotation()
        order.locked = True
        self._assert_refused(order, "locked")
        order.locked = False
        order.action_confirm()
        self._assert_refused(order, "no open quotation")
        order._action_cancel()
        self._assert_refused(order, "no open quotation")

    def test_sent_quotation(self):
        order = self._create_quotation()
        self._mark_sent(order)
        revision = self._revise(order, self.salesperson)
        self.assertEqual((revision.state, revision.handed_over_at), ("draft", False))
        self.assertTrue(order.handed_over_at)

    def test_signed(self):
        order = self._create_quotation()
        order.write({"signed_by": "Wang", "signed_on": "2027-03-01 08:00:00"})
        self._assert_refused(order, "signed by Wang")
        self.assertFalse(order.can_revise)

    def test_payment_under_way(self):
        order = self._create_quotation()
        provider = self.env["payment.provider"].create({"name": "Bank", "code": "none"})
        method = self.env["payment.method"].create({"name": "Transfer", "code": "sm_transfer"})
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": 1.0,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": "sm-1",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        for state in ("pending", "authorized", "done"):
            with self.subTest(state):
                self.env.flush_all()
                self.env.cr.execute("UPDATE payment_transaction SET state = %s WHERE id = %s", [state, transaction.id])
                self.env.invalidate_all()
                self._assert_refused(order.with_user(self.salesperson), "payment")
        self.env.cr.execute("UPDATE payment_transaction SET state = 'error' WHERE id = %s", [transaction.id])
        self.env.invalidate_all()
        self._revise(order)

    def test_replaced_one(self):
        order = self._create_quotation()
        revision = self._revise(order)
        with self.assertRaisesRegex(UserError, f"was replaced by {revision.name}"):
            order.action_create_revision()

    def test_switched_off(self):
        order = self._create_quotation()
        self.company.sales_quotation_enabled = False
        self.assertFalse(order.can_revise)
        self._assert_refused(order, "does not use revisions")

    def test_one_at_a_time(self):
        with self.assertRaises(ValueError):
            (self._create_quotation() | self._create_quotation()).action_create_revision()

    # === Invoices === #

    def test_draft_down_payment_is_cancelled_with_the_old_one(self):
        order = self._create_quotation()
        invoice = self._create_down_payment(order)
        revision = self._revise(order)
        self.assertEqual(invoice.state, "cancel")
        self.assertFalse(revision.invoice_ids)
        self.assertFalse(revision.order_line.filtered("is_downpayment"))
        with self.assertRaisesRegex(UserError, "draft invoice"):
            revision.action_discard_revision()

    def test_posted_down_payment(self):
        order = self._create_quotation()
        self._create_down_payment(order).action_post()
        self._assert_refused(order, "was invoiced")

    def _create_down_payment(self, order):
        wizard = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create({"advance_payment_method": "fixed", "fixed_amount": 100.0}).create_invoices()
        return order.invoice_ids

    # === Deals === #

    def test_deal_counts_the_current_one(self):
        order = self._create_quotation()
        self._revise(order)
        self.deal.invalidate_recordset()
        self.assertEqual(self.deal.quotation_count, 1)

    def test_deal_lost_under_it(self):
        order = self._create_quotation()
        self.deal.action_set_lost()
        self.assertEqual(self._revise(order).opportunity_id, self.deal)

    def test_deals_merged_under_it(self):
        order = self._create_quotation()
        revision = self._revise(order)
        other = self._create_deals(partner_id=self.customer.id, company_id=self.company.id)
        (other | self.deal).with_user(self.manager).merge_opportunity()
        kept = (other | self.deal).exists()
        self.assertEqual((order | revision).opportunity_id, kept)

    # === Size === #

    def test_thousand_lines_in_queries_that_do_not_grow(self):
        costs = []
        for count in (100, 1000):
            order = self._create_quotation(
                order_line=[
                    Command.create({"product_id": self.bolt.id, "product_uom_qty": position + 1, "price_unit": 2.0})
                    for position in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            revision = self._revise(order)
            costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(revision.order_line), count)
        # Values go to the database a thousand columns a statement, and core reads its records by thousands.
        self.assertLess(costs[1] - costs[0], 60, costs)


@tagged("post_install", "-at_install", "quotation")
class TestFirstRevision(RevisionCommon):
    def test_new_quotation_is_its_own_first_revision(self):
        hostile = {"default_is_current_revision": False, "default_quotation_revision": 9}
        for env in (self.env, self.env(user=self.salesperson), self.env(context=hostile)):
            order = env["sale.order"].create({"partner_id": self.customer.id})
            self.assertEqual((order.quotation_revision, order.is_current_revision), (1, True))
