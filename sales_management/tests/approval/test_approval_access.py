from http import HTTPStatus

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.approval.common import ApprovalCommon
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon


@tagged("post_install", "-at_install", "approval", "access")
class TestApprovalHoles(ApprovalCommon, AccessCommon):
    """What other approvals let through, tried over real RPC; letters as in the design's table of holes."""

    def _create_approved(self):
        order = self._create_pending()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.approval_state, "approved")
        return order

    def _assert_not_confirmed(self, order):
        with mute_logger("odoo.http", "odoo.sql_db"):
            response = self._post(self.salesperson, "sale.order", "action_confirm", ids=order.ids)
        self.env.invalidate_all()
        self.assertNotEqual(response.status_code, HTTPStatus.OK)
        self.assertNotEqual(order.state, "sale")

    def test_a_line_written_after_approval(self):
        order = self._create_approved()
        vals = {"price_unit": 1, "product_uom_qty": 1000}
        self._call(self.salesperson, "sale.order.line", "write", ids=order.order_line.ids, vals=vals)
        self.assertEqual(order.approval_state, "to_submit")
        self._assert_not_confirmed(order)

    def test_b_line_created_after_approval(self):
        order = self._create_approved()
        vals_list = [{"order_id": order.id, "product_id": self.bolt.id, "price_unit": 1}]
        self._call(self.salesperson, "sale.order.line", "create", vals_list=vals_list)
        self.assertEqual(order.approval_state, "to_submit")
        self._assert_not_confirmed(order)

    def test_b_line_deleted_after_approval(self):
        order = self._create_approved()
        self._call(self.salesperson, "sale.order.line", "unlink", ids=order.order_line.ids)
        self.assertEqual(order.approval_state, "to_submit")

    def test_c_requests_and_decisions_are_nobodys_to_write(self):
        order = self._create_pending()
        request = self._get_request(order)
        for user in (self.salesperson, self.director, self.manager):
            for records, vals in ((request, {"state": "approved"}), (request.step_ids, {"state": "approved"})):
                with self.subTest(user=user.login, model=records._name):
                    self._assert_refused(FORBIDDEN, user, records._name, "write", ids=records.ids, vals=vals)
                    self._assert_refused(FORBIDDEN, user, records._name, "create", vals_list=[vals])
            vals = {"outcome": "approved", "request_id": request.id, "digest": request.digest}
            self._assert_refused(FORBIDDEN, user, "sales.approval.decision", "create", vals_list=[vals])
        self.assertEqual(order.approval_state, "pending")

    def test_d_history_is_nobodys_to_delete(self):
        order = self._create_pending()
        order.with_user(self.director).action_reject("no")
        request = self._get_request(order)
        for user in (self.salesperson, self.director, self.manager):
            for records in (request, request.step_ids, request.decision_ids):
                with self.subTest(user=user.login, model=records._name):
                    self._assert_refused(FORBIDDEN, user, records._name, "unlink", ids=records.ids)
        with mute_logger("odoo.http"):
            self._post(self.salesperson, "sale.order", "unlink", ids=order.ids)
        self.env.invalidate_all()
        self.assertTrue(request.exists().decision_ids)

    def test_e_created_as_confirmed(self):
        vals = {
            "partner_id": self.customer.id,
            "state": "sale",
            "order_line": [Command.create({"product_id": self.bolt.id})],
        }
        before = self.env["sale.order"].search_count([])
        with mute_logger("odoo.http", "odoo.sql_db"):
            response = self._post(self.salesperson, "sale.order", "create", vals_list=[vals])
        self.assertNotEqual(response.status_code, HTTPStatus.OK)
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    def test_e_state_written(self):
        order = self._create_quotation()
        with mute_logger("odoo.http", "odoo.sql_db"):
            response = self._post(self.salesperson, "sale.order", "write", ids=order.ids, vals={"state": "sale"})
        self.assertNotEqual(response.status_code, HTTPStatus.OK)
        self.env.invalidate_all()
        self.assertEqual(order.state, "draft")

    def test_f_context_opens_nothing(self):
        order = self._create_approved()
        context = {
            "skip_validation_check": True,
            "default_approval_state": "approved",
            "default_approval_digest": order.approval_digest,
            "default_returned_digest": "0" * 64,
            "tracking_disable": True,
        }
        vals = {"order_line": [Command.create({"product_id": self.bolt.id, "price_unit": 1})]}
        self._call(self.salesperson, "sale.order", "write", ids=order.ids, vals=vals, context=context)
        self.assertEqual(order.approval_state, "to_submit")
        hostile = {**context, "default_state": "approved"}
        self._call(self.salesperson, "sale.order", "action_request_approval", ids=order.ids, context=hostile)
        request = self._get_request(order)
        self.assertEqual((request.state, request.returned_digest), ("pending", False))
        (copied,) = self._call(self.salesperson, "sale.order", "copy", ids=order.ids, context=context)
        copy = self.env["sale.order"].browse(copied)
        self.assertEqual((copy.approval_state, copy.approval_digest), ("to_submit", False))

    def test_approval_fields_are_nobodys_to_write(self):
        order = self._create_quotation()
        for vals in (
            {"approval_state": "approved"},
            {"approval_digest": "0" * 64},
            {"approval_warning_ids": []},
            {"approval_request_ids": []},
            {"approval_editor_ids": []},
        ):
            with self.subTest(vals=vals):
                response = self._post(self.salesperson, "sale.order", "write", ids=order.ids, vals=vals)
                self.assertIn(response.status_code, (FORBIDDEN, REFUSED))
                response = self._post(
                    self.salesperson, "sale.order", "create", vals_list=[{"partner_id": self.customer.id, **vals}]
                )
                self.assertIn(response.status_code, (FORBIDDEN, REFUSED))
        default = {"approval_state": "approved"}
        response = self._post(self.salesperson, "sale.order", "copy", ids=order.ids, default=default)
        self.assertIn(response.status_code, (FORBIDDEN, REFUSED))
        rows = [["Hangzhou Bolt", "approved"]]
        response = self._post(
            self.salesperson, "sale.order", "load", fields=["partner_id", "approval_state"], data=rows
        )
        imported = response.json().get("ids") if response.status_code == HTTPStatus.OK else False
        self.assertFalse(imported)

    def test_l_history_stays_after_asking_again(self):
        order = self._create_pending()
        order.with_user(self.director).action_reject("no")
        self._call(self.salesperson, "sale.order", "action_request_approval", ids=order.ids)
        self.assertEqual(order.sudo().approval_request_ids.sorted("id").mapped("state"), ["rejected", "pending"])
        self.assertEqual(order.sudo().approval_request_ids.decision_ids.mapped("comment"), ["no"])

    def test_only_approvers_decide(self):
        order = self._create_pending()
        request = self._get_request(order)
        for user in (self.salesperson, self.member, self.manager, self.finance):
            for model, ids in (("sale.order", order.ids), (request._name, request.ids)):
                with self.subTest(user=user.login, model=model):
                    self._assert_refused(REFUSED, user, model, "action_approve", ids=ids)
                    self._assert_refused(REFUSED, user, model, "action_reject", ids=ids, comment="x")
        self.assertEqual(order.approval_state, "pending")
        self._call(self.director, "sales.approval.request", "action_approve", ids=request.ids)
        self.assertEqual(order.approval_state, "approved")

    def test_portal_and_public_see_nothing(self):
        order = self._create_pending()
        for model in ("sales.approval.request", "sales.approval.request.step", "sales.approval.decision"):
            with self.subTest(model):
                self._assert_refused(FORBIDDEN, self.portal, model, "search_count", domain=[])
        for name in ("action_approve", "action_request_approval"):
            with mute_logger("odoo.http"):
                self.assertNotEqual(
                    self._post(self.portal, "sale.order", name, ids=order.ids).status_code, HTTPStatus.OK
                )
        self.assertEqual(order.approval_state, "pending")

    def test_who_sees_requests(self):
        request = self._get_request(self._create_pending())
        seen = {
            user.login: bool(request.with_user(user).has_access("read"))
            for user in self.env["res.users"].union(
                self.salesperson, self.director, self.controller, self.manager, self.leader, self.stranger, self.finance
            )
        }
        self.assertEqual(
            seen,
            {
                "sm_salesperson": True,
                "sm_director": True,
                "sm_controller": False,
                "sm_manager": True,
                "sm_leader": True,
                "sm_stranger": False,
                "sm_finance": False,
            },
        )
        delegation = {"delegate_id": self.controller.id, "date_to": "2999-01-01"}
        self.env["sales.approval.delegation"].with_user(self.director).create(delegation)
        self.env.invalidate_all()
        self.assertTrue(request.with_user(self.controller).has_access("read"))
        self.assertIn(request, self.env[request._name].with_user(self.controller).search([]))
        self.assertIn(request.step_ids, self.env[request.step_ids._name].with_user(self.controller).search([]))

    def test_delegations_are_ones_own(self):
        vals = {"user_id": self.director.id, "delegate_id": self.salesperson.id, "date_to": "2999-01-01"}
        delegations = self.env["sales.approval.delegation"]
        with self.assertRaises(AccessError):
            delegations.with_user(self.salesperson).create(vals)
        self.assertTrue(delegations.with_user(self.manager).create(vals))
