import hashlib

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.quotation.revision_common import RevisionCommon
from odoo.addons.sales_management.tools.digest import get_digest


@tagged("post_install", "-at_install", "quotation")
class TestQuotationArchive(RevisionCommon):
    """What left is kept: its words, its digest and its file."""

    def _create_file(self, order, raw=b"%PDF-1.4 paper"):
        values = {"name": "S00042.pdf", "raw": raw, "res_model": "sale.order", "res_id": order.id}
        return self.env["ir.attachment"].create(values)

    def test_words_and_digest(self):
        order = self._create_quotation()
        fact = order._archive("mail", recipients={order: "Wang"})
        self.assertEqual(fact.digest, order._get_content_digests()[order])
        self.assertEqual(get_digest(fact.snapshot["content"]), fact.digest)
        line = fact.snapshot["lines"][1]
        self.assertEqual(
            {name: line[name] for name in ("name", "quantity", "price", "discount", "unit")},
            {"name": "M8 bolt, zinc", "quantity": "5000.00", "price": "0.8237", "discount": "7.50", "unit": "Units"},
        )
        self.assertEqual(fact.snapshot["terms"]["partner_id"], "Hangzhou Bolt")
        self.assertEqual(fact.snapshot["totals"]["amount_total"], f"{order.amount_total:.2f}")
        self.assertEqual((fact.recipients, fact.order_name), ("Wang", order.name))

    def test_words_hold_no_cost(self):
        self.bolt.standard_price = 0.4321
        order = self._create_quotation()
        self.assertIn("0.4321", str(order._archive("mail").sudo().margins))
        self.assertNotIn("0.4321", str(order._archive("mail").snapshot))

    def test_cost_is_out_of_reach(self):
        fact = self._create_quotation()._archive("mail")
        for user in (self.salesperson, self.manager):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                fact.with_user(user).read(["margins"])

    def test_file_is_kept_as_it_was(self):
        order = self._create_quotation()
        file = self._create_file(order)
        fact = order._archive("pdf", {order: file})
        file.unlink()
        kept = fact.attachment_id
        self.assertEqual(kept.raw, b"%PDF-1.4 paper")
        self.assertEqual(fact.file_digest, hashlib.sha256(kept.raw).hexdigest())
        self.assertFalse(kept.public)
        self.assertFalse(kept.access_token)

    def test_file_is_read_by_whoever_may_read_the_quotation_and_changed_by_nobody(self):
        order = self._create_quotation()
        kept = order._archive("pdf", {order: self._create_file(order)}).attachment_id
        stranger = new_test_user(self.env, "sm_stranger", "sales_team.group_sale_salesman")
        for user in (self.salesperson, self.leader, self.manager):
            with self.subTest(user.login):
                self.assertEqual(kept.with_user(user).read(["name"])[0]["name"], "S00042.pdf")
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    kept.with_user(user).write({"raw": b"forged"})
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    kept.with_user(user).unlink()
        for user in (stranger, self.users_by_role["portal"]):
            with self.subTest(user.login), self.assertRaises(AccessError), mute_logger("odoo.models"):
                kept.with_user(user).read(["name"])
        self.assertFalse(self.env["sales.quotation.copy"].with_user(stranger).search([("order_id", "=", order.id)]))

    def test_replaced_one_is_archived_when_it_is_replaced(self):
        order = self._create_quotation()
        digest = order._get_content_digests()[order]
        self._revise(order)
        fact = order.quotation_copy_ids
        self.assertEqual((fact.way, fact.digest, fact.revision), ("replaced", digest, 1))
        self.assertEqual(fact.snapshot["state"], "draft")

    def test_many_at_once(self):
        orders = self.env["sale.order"].union(*(self._create_quotation() for _ in range(5)))
        self.env.flush_all()
        facts = orders._archive("mail")
        self.assertEqual(facts.order_id, orders)

    def test_queries_do_not_grow(self):
        costs = []
        for count in (2, 12):
            orders = self.env["sale.order"].union(*(self._create_quotation() for _ in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._archive("mail")
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0], costs)
