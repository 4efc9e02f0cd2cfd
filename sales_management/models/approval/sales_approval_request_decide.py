from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class SalesApprovalRequest(models.Model):
    """Decisions on requests. Each asks the database, not the caller, whether it is his to decide."""

    _inherit = "sales.approval.request"

    # === Actions === #

    def action_approve(self, comment=None):
        """Approve these requests: all steps of the caller that are open.

        :param str | None comment: kept with the decision
        :raise UserError: that names every one that is not his to decide now
        """
        requests, turns = self._begin_decision()
        requests._add_decisions("approved", turns, comment)
        principals = {step: principal for by_step in turns.values() for step, principal in by_step.items()}
        requests.step_ids._agree(principals, self.env.user)
        requests._go_on()
        return True

    def action_reject(self, comment):
        """Reject these requests.

        :param str comment: the reason
        :raise UserError: without a reason, and as :meth:`action_approve`
        """
        reason = self._get_cleaned_reason(comment)
        requests, turns = self._begin_decision()
        requests._add_decisions("rejected", turns, reason)
        requests._end("rejected")
        return True

    def action_delegate(self, user_id, comment=None):
        """Give the caller's part in these requests to somebody else; the decision names both.

        :param int user_id: who decides in his place
        :raise UserError: where that person cannot, and as :meth:`action_approve`
        """
        requests, turns = self._begin_decision()
        # sudo: whoever decides need not see people of other companies.
        delegate = self.env["res.users"].sudo().browse(user_id).exists()
        for request in requests:
            request._check_delegate(delegate)
            for step, principal in turns[request].items():
                step._check_own(principal, self.env.user)
                step.write(
                    {
                        "user_ids": [(3, principal.id), (4, delegate.id)],
                        "stand_ins": {**(step.stand_ins or {}), str(delegate.id): principal.id},
                    }
                )
            request._log_delegation(self.env["res.users"].union(*turns[request].values()), delegate, comment)
        return True

    def action_recall(self):
        """Take back what was asked, by whoever asked or owns the document.

        :raise UserError: that names every one that is not his, or was decided
        """
        requests = self._lock_requests()
        problems = []
        for request in requests:
            problem = None
            if self.env.user not in (request.requester_id | request.order_id.user_id):
                problem = self.env._("only who asked, or owns the quotation, takes it back")
            elif request.state != "pending":
                problem = request._describe_ended()
            if problem:
                problems.append(f"{request._get_name_for_caller()}: {problem}")
        if problems:
            raise UserError("\n".join(problems))
        requests._end("recalled")
        return True

    def action_withdraw_approval(self, reason):
        """Withdraw approvals that the caller gave, until what was approved is handed over.

        :param str reason: why
        :raise AccessError: for whoever did not approve them
        :raise UserError: without a reason, or when it is too late
        """
        reason = self._get_cleaned_reason(reason)
        requests = self._lock_requests()
        turns = {request: request._get_given_steps() for request in requests}
        if not all(turns.values()):
            raise AccessError(self.env._("Only who approved it withdraws the approval."))
        problems = [
            f"{request._get_name_for_caller()}: {problem}"
            for request in requests
            if (problem := request._get_withdrawal_problem())
        ]
        if problems:
            raise UserError("\n".join(problems))
        requests._add_decisions("withdrawn", turns, reason)
        requests.order_id.write({"approval_digest": False})
        requests._end("rejected")
        return True

    # === Checks === #

    def _check_delegate(self, delegate):
        self.ensure_one()
        names = {"user": delegate.name or "–"}
        if not delegate._filter_possible_approvers(self.order_id or self):
            raise UserError(self.env._("%(user)s cannot decide it: not here, or not of its company.", **names))
        if delegate in self.order_id._get_excluded_approvers(self.requester_id):
            raise UserError(
                self.env._(
                    "%(user)s asked for it, owns or edited it, and so does not decide it. Choose another.", **names
                )
            )
        if delegate in self._get_open().user_ids:
            raise UserError(self.env._("%(user)s is asked already. Choose another.", **names))

    def _get_given_steps(self):
        """Steps of this request to which the caller agreed, himself or through who stood in for him.

        :rtype: dict[sales.approval.request.step, res.users]
        """
        self.ensure_one()
        user = self.env.user
        delegators = self.env["sales.approval.delegation"]._get_delegators(user)
        given = {}
        for step in self.step_ids:
            for principal_id, actual_id in (step.agreed or {}).items():
                principal = self.env["res.users"].browse(int(principal_id))
                if user.id in (principal.id, actual_id) or principal in delegators:
                    given[step] = principal
        return given

    def _get_withdrawal_problem(self):
        self.ensure_one()
        order = self.order_id
        if self.state != "approved" or order.approval_digest != self.digest:
            return self.env._("this approval holds no more")
        approved_at = max(self.decision_ids.mapped("decided_at"), default=self.requested_at)
        if order.state == "sale" or (order.handed_over_at and order.handed_over_at >= approved_at):
            return self.env._("the customer has it already")
        return None

    # === Consequences === #

    def _add_decisions(self, outcome, turns, comment=None, user=None, digest=None):
        """Write down what somebody decided, step by step.

        :param dict turns: per request whom he decided for, by step
        :param res.users | None user: who decided, none for the caller
        :param str | None digest: of what he decided on, none for what was asked about
        """
        user = user or self.env.user
        now = fields.Datetime.now()
        vals_list = []
        for request in self:
            for step, principal in turns[request].items():
                absent = step._get_absent(principal, user)
                vals_list.append(
                    {
                        "request_id": request.id,
                        "order_id": request.order_id.id,
                        "company_id": request.company_id.id,
                        "step_id": step.step_id.id,
                        "step_name": step.name,
                        "user_id": user.id,
                        "on_behalf_of_id": absent.id,
                        "outcome": outcome,
                        "comment": comment or False,
                        "decided_at": now,
                        "digest": digest or request.digest,
                    }
                )
        return self.env["sales.approval.decision"]._add_facts(vals_list)

    def _go_on(self):
        """Ask the next, or approve what nobody is left to be asked about."""
        self.filtered(lambda request: not request._get_open()).step_ids._open_next()
        done = self.filtered(lambda request: not request._get_open())
        done._end("approved")
        done._after_approved()

    def _after_approved(self):
        """Let what was approved take effect. To override: begin with ``super()``'s, then your kind of request."""
        releases = self.filtered(lambda request: request.kind == "release" and request.order_id)
        for digest, requests in releases.grouped("digest").items():
            requests.order_id.write({"approval_digest": digest, "approval_editor_ids": []})

    def _end(self, state):
        """Bring these requests to an end, after which nobody is asked any more."""
        if self:
            steps = self.step_ids.filtered(lambda step: step.state in ("waiting", "open"))
            self.write({"state": state})
            steps.write({"state": "closed"})

    def _supersede(self):
        """End these requests: what they ask about is no more."""
        self._end("superseded")

    def _log_delegation(self, principals, delegate, comment):
        self.ensure_one()
        body = self.env._("%(user)s decides in place of %(absent)s.", user=delegate.name, absent=self.env.user.name)
        self.order_id._message_log(body=f"{body} {comment}" if comment else body)
        self.env["sales.approval.delegation.fact"]._add_facts(
            [
                {
                    "kind": "request",
                    "request_id": self.id,
                    "order_id": self.order_id.id,
                    "company_id": self.company_id.id,
                    "user_id": principal.id,
                    "delegate_id": delegate.id,
                    "recorder_id": self.env.uid,
                    "comment": comment or False,
                }
                for principal in principals
            ]
        )
