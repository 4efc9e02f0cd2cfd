from odoo import models
from odoo.exceptions import UserError


class SalesApprovalRequest(models.Model):
    """The buttons by which requests are answered: each opens the dialog that asks what it needs, for all at once.

    What is answered there goes through the actions of the request itself, which check the caller.
    """

    _inherit = "sales.approval.request"

    # === Actions === #

    def action_approve_now(self):
        """Approve these requests; where a margin is under the floor of a rule, after asking once.

        :return: action that says what was approved and offers to withdraw it, or the dialog that asks
        :rtype: dict
        :raise UserError: where one of them is not this user's to decide now
        """
        if any(self.mapped("is_margin_low")):
            return self._open_answer("approve")
        self.action_approve()
        return self._prepare_approved_action()

    def action_open_approve(self):
        """:return: dialog that approves these requests with a comment
        :rtype: dict
        """
        return self._open_answer("approve")

    def action_open_reject(self):
        """:return: dialog that rejects these requests, with the reason
        :rtype: dict
        """
        return self._open_answer("reject")

    def action_open_return(self):
        """:return: dialog that names the prices which would be accepted
        :rtype: dict
        :raise UserError: for several requests: each has prices of its own
        """
        if len(self) != 1:
            raise UserError(self.env._("Prices are named for one quotation at a time. Choose one."))
        return self._open_answer("return")

    def action_open_recall(self):
        """:return: dialog that takes back what was asked
        :rtype: dict
        """
        return self._open_answer("recall")

    def action_open_withdraw(self):
        """:return: dialog that withdraws an approval, with the reason
        :rtype: dict
        """
        return self._open_answer("withdraw")

    def action_open_delegate(self):
        """:return: dialog that gives the decision to somebody else
        :rtype: dict
        """
        return self._open_answer("delegate")

    def action_open_decision(self):
        """:return: dialog that shows all of a request, with the buttons that decide it
        :rtype: dict
        """
        self.ensure_one()
        view = self.env.ref("sales_management.sales_approval_request_view_form_decision")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approval"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[view.id, "form"]],
            "target": "new",
        }

    def action_open_document(self):
        """:return: the form of the document, for those who may read it
        :rtype: dict
        :raise AccessError: for anybody else
        """
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id)
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }

    # === Dialogs === #

    def _open_answer(self, mode):
        names = {
            "approve": self.env._("Approve"),
            "reject": self.env._("Reject"),
            "return": self.env._("Return With Price"),
            "recall": self.env._("Recall"),
            "withdraw": self.env._("Withdraw Approval"),
            "delegate": self.env._("Give to Somebody Else"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": names[mode],
            "res_model": "sales.approval.answer",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_mode": mode, "default_request_ids": self.ids},
        }

    def _prepare_approved_action(self):
        """:return: action that says what was approved, with a button that withdraws it"""
        return {
            "type": "ir.actions.client",
            "tag": "sales_management.approved",
            "params": {
                "request_ids": self.ids,
                "message": self.env._("Approved: %(documents)s", documents=", ".join(self.mapped("document_name"))),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
