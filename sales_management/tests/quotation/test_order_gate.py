"""Every way to become an order, or to be marked as sent: refused for what may not, open for what may."""

from markupsafe import Markup
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.quotation.content_gate_common import ContentGateCommon


class Everything:
    def __contains__(self, key):
        return True


@tagged("post_install", "-at_install", "quotation")
class TestOrderGate(ContentGateCommon):
    def _iter_ways_to_order(self):
        """Names of ways, and how they are gone with a quotation."""
        yield "button", lambda order: order.action_confirm()
        yield "portal and shop", lambda order: order._validate_order()
        yield "write", lambda order: order.write({"state": "sale"})
        yield "assignment", lambda order: setattr(order, "state", "sale")
        yield "import", lambda order: self._import_state(order, "sale")
        yield "server action", lambda order: self._run_action(order, "records.write({'state': 'sale'})")
        yield "automation", lambda order: self._run_action(order, "records.action_confirm()")
        yield "hostile context", self._confirm_with_hostile_context

    def _iter_ways_to_sent(self):
        yield "write", lambda order: order.write({"state": "sent"})
        yield "import", lambda order: self._import_state(order, "sent")
        yield "server action", lambda order: self._run_action(order, "records.write({'state': 'sent'})")
        yield "message", lambda order: order.with_context(mark_so_as_sent=True).message_post(body=Markup("Here it is"))

    @staticmethod
    def _confirm_with_hostile_context(order):
        keys = ["skip_validation_check", "install_mode", "import_file", "sale_no_gate", "no_check", "tracking_disable"]
        order.with_context(**dict.fromkeys(keys, True)).write({"state": "sale"})

    def _run_action(self, orders, code):
        # Written by an administrator, and run by the salesperson.
        action = self.env["ir.actions.server"].create(
            {"name": "Try", "model_id": self.env["ir.model"]._get_id("sale.order"), "state": "code", "code": code}
        )
        action.with_user(orders.env.user).with_context(
            active_model="sale.order", active_ids=orders.ids, active_id=orders.id
        ).sudo().run()

    @staticmethod
    def _import_state(order, state):
        result = order.load([".id", "state"], [[str(order.id), state]])
        errors = [message["message"] for message in result["messages"] if message["type"] == "error"]
        if errors:
            raise UserError("\n".join(errors))

    # === Ways === #

    def test_nothing_unreleased_becomes_an_order(self):
        for name, go in self._iter_ways_to_order():
            order = self._quote()
            with self.subTest(name), self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                go(order.with_user(self.salesperson))
            self.assertIn(order.name, str(caught.exception))
            order.invalidate_recordset()
            self.assertEqual(order.state, "draft")

    def test_what_is_released_becomes_an_order(self):
        for name, go in self._iter_ways_to_order():
            order = self._release(self._quote())
            with self.subTest(name):
                go(order.with_user(self.salesperson))
                self.assertEqual(order.state, "sale")

    def test_nothing_unreleased_is_marked_as_sent(self):
        for name, go in self._iter_ways_to_sent():
            order = self._quote()
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                go(order.with_user(self.salesperson))
            order.invalidate_recordset()
            self.assertEqual(order.state, "draft")
            self.assertFalse(order.handed_over_at)

    def test_what_is_released_is_marked_as_sent(self):
        """Hole h: an approval that refuses what it approved is switched off by its users."""
        for name, go in self._iter_ways_to_sent():
            order = self._release(self._quote())
            with self.subTest(name):
                go(order.with_user(self.salesperson))
                self.assertEqual(order.state, "sent")
                self.assertTrue(order.handed_over_at)

    def test_hole_g_the_button_says_what_it_did_not_mark(self):
        orders = (self.released | self.unreleased).with_user(self.salesperson)
        answer = orders.action_quotation_sent()
        self.assertEqual(orders.mapped("state"), ["sent", "draft"])
        self.assertIn(self.unreleased.name, answer["params"]["message"])
        self.assertNotIn(self.released.name, answer["params"]["message"])

    # === Values of other addons === #

    def test_values_of_another_addon_are_asked_too(self):
        """An addon that writes more than core when it confirms changes what was asked about before."""
        model = self.env.registry["sale.order"]
        prepare = model._prepare_confirmation_values
        self.patch(model, "_prepare_confirmation_values", lambda orders: {**prepare(orders), "note": "And a boat"})
        with self.assertRaises(BlockedError), self.env.cr.savepoint():
            self.released.action_confirm()
        self.assertEqual(self.released.state, "draft")

    # === Batches === #

    def test_one_refusal_names_every_order(self):
        other = self._quote()
        with self.assertRaises(BlockedError) as caught:
            (self.released | self.unreleased | other).action_confirm()
        self.assertIn(self.unreleased.name, str(caught.exception))
        self.assertIn(other.name, str(caught.exception))
        self.assertNotIn(self.released.name, str(caught.exception))
        self.assertEqual(self.released.state, "draft", "All or nothing.")

    def test_error_message_of_one_order(self):
        self.assertFalse(self.released._confirmation_error_message())
        self._set_columns(self.unreleased, approval_state="to_submit")
        self.assertIn(self.unreleased.name, self.unreleased._confirmation_error_message())

    # === The last line === #

    @mute_logger("odoo.sql_db")
    def test_database_refuses_what_no_code_saw(self):
        self._set_columns(self.released, approval_state="to_submit")
        for state in ("to_submit", "pending", "rejected"):
            self._set_columns(self.released, approval_state=state)
            with self.subTest(state), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.env.cr.execute(SQL("UPDATE sale_order SET state = 'sale' WHERE id = %s", self.released.id))
        self._set_columns(self.released, approval_state="approved")
        self.env.cr.execute(SQL("UPDATE sale_order SET state = 'sale' WHERE id = %s", self.released.id))

    # === Orders === #

    def test_orders_stay_orders(self):
        """What is an order already is not asked again, whatever became of its release."""
        self.released.action_confirm()
        self.released.note = "A word that changes nothing"
        self.released.write({"state": "sale"})
        self.released.action_lock()
        self.assertEqual(self.released.state, "sale")

    def test_hole_m_only_one_revision_becomes_an_order(self):
        former = self.released.with_user(self.salesperson)
        former.action_create_revision()
        current = self._release(former.superseded_by_id)
        for way in (former.action_confirm, former.action_draft, lambda: former.write({"state": "sale"})):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                way()
            self.assertIn(current.name, str(caught.exception), "It says which one is valid.")
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._set_columns(former.sudo(), state="draft")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            (former | current).action_confirm()
        current.action_confirm()
        self.assertEqual(current.state, "sale")

    # === Content along with the state === #

    def test_hole_a_content_written_with_the_state_is_asked(self):
        line = self.released.order_line
        cheaper = {"order_line": [Command.update(line.id, {"price_unit": 1, "product_uom_qty": 1000})]}
        # Core itself fails to write lines along with a confirmation.
        for vals in ({"state": "sale", "note": "And a boat"}, {"state": "sent", **cheaper}):
            with self.subTest(vals["state"]), self.assertRaises(BlockedError), self.env.cr.savepoint():
                self.released.write(vals)
        self.released.invalidate_recordset()
        self.assertEqual(self.released.state, "draft")

    def test_content_written_with_the_state_may_be_what_was_approved(self):
        order = self._quote()
        note = order.note
        order.note = "And a boat"
        self._release(order)
        order.note = note
        order.write({"state": "sale", "note": "And a boat"})
        self.assertEqual(order.state, "sale")

    def test_hole_a_lines_written_before(self):
        self.released.order_line.write({"price_unit": 1, "product_uom_qty": 1000})
        with self.assertRaises(BlockedError):
            self.released.action_confirm()

    def test_hole_b_lines_added_before(self):
        self.env["sale.order.line"].create({"order_id": self.released.id, "product_id": self.bolt.id})
        with self.assertRaises(BlockedError):
            self.released.action_confirm()

    def test_hole_f_context_opens_nothing(self):
        orders = self.unreleased.with_context(skip_validation_check=True, force=True, mail_notrack=True)
        for state in ("sale", "sent"):
            with self.subTest(state), self.assertRaises(BlockedError), self.env.cr.savepoint():
                orders.with_user(self.salesperson).write({"state": state})

    # === Coming into being === #

    def test_hole_e_nothing_comes_into_being_as_an_order(self):
        values = {"partner_id": self.customer.id, "user_id": self.salesperson.id}
        orders = self.env["sale.order"].with_user(self.salesperson)
        for state in ("sale", "sent"):
            ways = {
                "create": lambda state=state: orders.create({**values, "state": state}),
                "copy": lambda state=state: self.released.with_user(self.salesperson).copy({"state": state}),
                "default": lambda state=state: orders.with_context(default_state=state).create(values),
                "import": lambda state=state: self._import_new(state),
            }
            for name, go in ways.items():
                with self.subTest(state=state, way=name), self.assertRaises(UserError), self.env.cr.savepoint():
                    go()

    def test_what_needs_no_release_comes_into_being_as_an_order(self):
        """Orders of years past are imported where nothing holds them back."""
        self.patch(type(self), "approved", Everything())
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "state": "sale"})
        self.assertEqual(order.state, "sale")

    def _import_new(self, state):
        result = (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .load(["partner_id/.id", "state"], [[str(self.customer.id), state]])
        )
        errors = [message["message"] for message in result["messages"] if message["type"] == "error"]
        if errors:
            raise UserError("\n".join(errors))


@tagged("post_install", "-at_install", "quotation")
class TestOrderGateOff(ContentGateCommon):
    """With no capability on, core decides alone, and nothing is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).write({"sales_quotation_enabled": False, "sales_approval_enabled": False})

    def test_everything_passes_as_in_core(self):
        def fail(orders):
            raise AssertionError("Nobody asked.")

        self.patch(self.env.registry["sale.order"], "_get_release_blockers", fail)
        self.unreleased.action_quotation_sent()
        self.unreleased.action_confirm()
        self.env["sale.order"].create({"partner_id": self.customer.id, "state": "sale"})
        self.assertTrue(self._quote(require_signature=True)._has_to_be_signed())
