from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.approval.common import ApprovalMixin
from odoo.addons.sales_management.tests.common import DealDocumentCommon

STEPS = (
    "edit",
    "edit_back",
    "tie",
    "untie",
    "request",
    "approve",
    "reject",
    "withdraw",
    "send",
    "confirm",
    "change",
    "decide_change",
    "revise",
    "discard",
    "recycle",
    "sql",
)


@tagged("post_install", "-at_install", "approval", "quotation")
class TestQuotationInvariants(ApprovalMixin, DealDocumentCommon):
    """Whatever people do in whatever order, with revisions and deals, there is one valid quotation, and what leaves is
    tied to a deal and approved for exactly what it says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_approval_on()
        cls.env.company.sales_quotation_enabled = True
        cls.env["sales.policy"].create({"code": "quotation_deal", "level": "block", "active_from": "2020-01-01"})
        cls.deal = cls._create_deals(partner_id=cls.customer.id)

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(st.sampled_from(STEPS), min_size=4, max_size=10))
    def test_one_valid_revision_approved_for_this_content(self, steps):
        with self.env.cr.savepoint() as savepoint:
            first = self._create_quotation(opportunity_id=self.deal.id)
            for step in steps:
                try:
                    with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                        getattr(self, f"_{step}")(self._get_family(first))
                        self.env.flush_all()
                except UserError:
                    self.env.invalidate_all()
                self._assert_invariants(self._get_family(first).sudo())
            savepoint.rollback()
        self.env.invalidate_all()

    # === Invariants === #

    def _get_family(self, first):
        return first | first.quotation_family_id.order_ids.with_user(self.salesperson)

    def _assert_invariants(self, family):
        self.assertEqual(len(family.filtered("is_current_revision")), 1)
        digests, problems = family._get_content_digests(), family._verify_chain()
        for order in family:
            self.assertFalse(problems[order])
            if not order.is_current_revision:
                self.assertEqual(order.state, "cancel")
            if order in order._filter_released() and order.state in ("draft", "sent"):
                self._assert_releasable(order, digests[order])
            if order.state == "sale":
                self.assertIn(order.approval_state, ("not_required", "approved"))
                self.assertTrue(order.opportunity_id)
            pending = order.approval_request_ids.filtered(lambda request: request.state == "pending")
            self.assertLessEqual(len(pending.filtered(lambda request: request.kind == "release")), 1)

    def _assert_releasable(self, order, digest):
        self.assertTrue(order.is_current_revision)
        self.assertEqual(order.opportunity_id.type, "opportunity")
        self.assertEqual(order.approval_digest, digest)
        approved = order.approval_request_ids.filtered(
            lambda request: request.state == "approved" and request.digest == digest
        )
        self.assertTrue(approved.decision_ids.filtered(lambda found: found.outcome in ("approved", "carried")))

    # === Steps: each is tried on the valid revision, and those that revisions refuse on a former one as well === #

    def _get_current(self, family):
        return family.filtered("is_current_revision")

    def _edit(self, family):
        for order in family.sorted("is_current_revision"):
            try:
                with self.env.cr.savepoint():
                    order.order_line.price_unit += 1
            except UserError:
                self.env.invalidate_all()

    def _edit_back(self, family):
        self._get_current(family).order_line.price_unit = 10

    def _tie(self, family):
        self._get_current(family).opportunity_id = self.deal

    def _untie(self, family):
        self._get_current(family).opportunity_id = False

    def _request(self, family):
        self._get_current(family).action_request_approval()

    def _approve(self, family):
        self._get_current(family).with_user(self.director).action_approve()

    def _reject(self, family):
        self._get_current(family).with_user(self.director).action_reject("no")

    def _withdraw(self, family):
        self._get_current(family).with_user(self.director).action_withdraw_approval("no")

    def _send(self, family):
        self._get_current(family).write({"state": "sent"})

    def _confirm(self, family):
        self._get_current(family).action_confirm()

    def _change(self, family):
        order = self._get_current(family)
        order._request_change({"order_line": [(1, order.order_line.id, {"price_unit": 5})]}, "cheaper")

    def _decide_change(self, family):
        requests = self._get_current(family).sudo().approval_request_ids
        changes = requests.filtered(lambda request: request.kind == "change" and request.state == "pending")
        changes.with_user(self.director).action_approve()

    def _revise(self, family):
        self._get_current(family).action_create_revision()

    def _discard(self, family):
        self._get_current(family).action_discard_revision()

    def _recycle(self, family):
        """A former revision cannot be brought back, whatever the valid one is."""
        (family - self._get_current(family))[:1].action_draft()

    def _sql(self, family):
        self.env.flush_all()
        order = self._get_current(family)
        if order.state in ("draft", "sent"):
            query = "UPDATE sale_order_line SET price_unit = price_unit + 1 WHERE order_id = %s"
            self.env.cr.execute(query, [order.id])
        self.env.invalidate_all()
