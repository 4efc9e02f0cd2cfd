from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.quotation.revision_common import RevisionCommon


@tagged("post_install", "-at_install", "quotation")
class TestRevisionDiscard(RevisionCommon):
    """The way back, as long as nobody outside has seen the new one."""

    def test_former_is_valid_again_as_it_was(self):
        order = self._create_quotation()
        self._mark_sent(order)
        moment = order.handed_over_at
        revision = self._revise(order, self.salesperson)
        self.assertTrue(revision.can_discard_revision)
        self.assertEqual(self._discard(revision, self.salesperson), order)
        self.assertEqual((order.state, order.is_current_revision, order.superseded_by_id.id), ("sent", True, False))
        self.assertEqual((order.handed_over_at, str(order.validity_date)), (moment, "2027-03-31"))
        self.assertEqual((revision.state, revision.is_current_revision), ("cancel", False))
        self.assertEqual(revision.current_revision_id, order)

    def test_going_back_hands_nothing_over_again(self):
        order = self._create_quotation()
        self._mark_sent(order)
        revision = self._revise(order)
        calls = []
        self.patch(type(order), "_after_hand_over", lambda orders: calls.append(orders))
        self._discard(revision)
        self.assertFalse(calls)

    def test_chain_goes_back_step_by_step(self):
        order = self._create_quotation()
        second = self._revise(order)
        third = self._revise(second)
        self.assertEqual(self._discard(third), second)
        self.assertEqual(self._discard(second), order)
        self.assertEqual(order.state, "draft")
        fourth = self._revise(order)
        self.assertEqual(fourth.name, f"{order.name}-R4")

    def test_discarded_one_stays_and_is_frozen(self):
        order = self._create_quotation()
        revision = self._revise(order)
        self._discard(revision)
        for act in (revision.action_draft, revision.action_create_revision, revision.action_discard_revision):
            with self.subTest(act.__name__), self.assertRaisesRegex(UserError, f"was discarded; {order.name} is valid"):
                act()

    def test_cancelled_one_can_be_discarded(self):
        order = self._create_quotation()
        revision = self._revise(order)
        revision.action_cancel()
        self.assertEqual(self._discard(revision), order)

    def test_refused_once_it_left(self):
        order = self._create_quotation()
        revision = self._revise(order)
        self._mark_sent(revision)
        self.assertFalse(revision.can_discard_revision)
        with self.assertRaisesRegex(UserError, "has left the company"):
            revision.action_discard_revision()
        revision.action_draft()
        with self.assertRaisesRegex(UserError, "has left the company"):
            revision.action_discard_revision()

    def test_refused_once_a_copy_went_out(self):
        revision = self._revise(self._create_quotation())
        revision._archive("print")
        revision._archive("pdf")
        with self.assertRaisesRegex(UserError, "has left the company"):
            revision.action_discard_revision()

    def test_print_inside_is_no_hand_over(self):
        order = self._create_quotation()
        revision = self._revise(order)
        revision._archive("print")
        self.assertEqual(self._discard(revision), order)

    def test_refused_for_the_first_one(self):
        order = self._create_quotation()
        self.assertFalse(order.can_discard_revision)
        with self.assertRaisesRegex(UserError, "replaced no other"):
            order.action_discard_revision()

    def test_capabilities_are_told(self):
        order = self._create_quotation()
        calls = []
        self.patch(type(order), "_after_revision_created", lambda new, former: calls.append((new, former)))
        self.patch(type(order), "_after_revision_discarded", lambda former, new: calls.append((former, new)))
        revision = self._revise(order)
        self._discard(revision)
        self.assertEqual(calls, [(revision, order), (order, revision)])
