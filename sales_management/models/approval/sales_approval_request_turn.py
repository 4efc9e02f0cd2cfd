from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class SalesApprovalRequest(models.Model):
    """Whose turn it is to decide a request."""

    _inherit = "sales.approval.request"

    # === Steps === #

    def _create_steps(self, plans):
        """Freeze the steps of these requests, and open the first.

        :param dict[sales.approval.request, list[PlannedStep]] plans: steps that they have
        """
        now = fields.Datetime.now()
        vals_list = []
        for request, plan in plans.items():
            first = min((planned.step.sequence for planned in plan), default=0)
            vals_list += [
                {
                    "request_id": request.id,
                    "rule_id": planned.rule.id,
                    "step_id": planned.step.id,
                    "name": planned.name,
                    "sequence": planned.step.sequence,
                    "user_ids": [(6, 0, planned.users.ids)],
                    "required_count": planned.required,
                    "deadline_hours": planned.step.deadline_hours,
                    "state": "open" if planned.step.sequence == first else "waiting",
                    "opened_at": now if planned.step.sequence == first else False,
                }
                for planned in plan
            ]
        return self.env["sales.approval.request.step"].create(vals_list)

    # === Deciding === #

    def _begin_decision(self):
        """Lock these requests, and find out for whom the caller decides which of their steps.

        :return: the requests, and per request the people that he decides for, by step
        :rtype: tuple[sales.approval.request, dict]
        :raise UserError: that names every one that is not his to decide, or was decided, or is about something else by
            now
        """
        requests = self._lock_requests()
        user = self.env.user
        delegators = self.env["sales.approval.delegation"]._get_delegators(user)
        # Orders may go another way to the content that was asked about: by SQL, too.
        digests = requests.order_id._get_content_digests()
        # Read together.
        requests.step_ids.mapped("user_ids")
        problems, turns = [], {}
        for request in requests:
            turns[request] = request._get_open()._get_principals(user, delegators)
            is_changed = request.kind == "release" and digests.get(request.order_id) != request.digest
            if problem := request._get_turn_problem(turns[request], is_changed):
                problems.append(f"{request._get_name_for_caller()}: {problem}")
        if problems:
            raise UserError("\n".join(problems))
        return requests, turns

    def _lock_requests(self):
        """:return: these requests with the rights to decide them, none of which anybody else decides now"""
        # sudo: whoever is asked decides, whatever else he may see.
        requests = self.sudo().exists()
        if not requests or len(requests) < len(self):
            raise UserError(self.env._("This request is no more. Load the page again."))
        requests.order_id._lock_for_approval()
        requests.flush_recordset()
        query = SQL(
            "UPDATE sales_approval_request SET write_date = write_date WHERE id = ANY(%s)", sorted(requests.ids)
        )
        self.env.cr.execute(query, log_exceptions=False)
        requests.invalidate_recordset(["state"])
        return requests

    def _get_turn_problem(self, principals, is_changed):
        """:return: why the caller cannot decide this request, none when he can"""
        self.ensure_one()
        if self.state != "pending":
            return self._describe_ended()
        if not principals:
            if any(self.env.uid in (step.agreed or {}).values() for step in self.step_ids):
                return self.env._("you have decided it already")
            return self.env._("you are not asked to decide it now")
        if self.env.user in self.order_id._get_excluded_approvers(self.requester_id):
            return self.env._("whoever asks for approval, owns or edited it does not decide it")
        if is_changed:
            return self.env._("what it says has changed since approval was asked for. Have it asked for again")
        return None

    def _describe_ended(self):
        texts = {
            "approved": self.env._("it was approved meanwhile"),
            "rejected": self.env._("it was rejected meanwhile"),
            "recalled": self.env._("it was recalled meanwhile"),
            "superseded": self.env._("what it says has changed, so that approval has to be asked for again"),
        }
        return texts[self.state]

    def _get_open(self):
        return self.step_ids.filtered(lambda step: step.state == "open")

    def _get_name_for_caller(self):
        """:return: what it is about, for those who may see it
        :rtype: str
        """
        caller = self.sudo(False)
        if caller.has_access("read"):
            # sudo: whoever may see the request may see the number.
            return caller.sudo().order_id.display_name or self.env._("Request")
        return self.env._("Request")

    def _is_last(self):
        """:return: whether nobody asked for another approval of the document after this one"""
        self.ensure_one()
        return self._get_last() == self

    def _get_last(self):
        """:return: the last of the release requests of each of the documents of these
        :rtype: sales.approval.request
        """
        # sudo: which is the last does not depend on who asks.
        requests = self.sudo().order_id.approval_request_ids.filtered(lambda request: request.kind == "release")
        last = requests.browse()
        for found in requests.grouped("order_id").values():
            last += found.sorted("id")[-1:]
        return self.browse(last.ids)

    @api.model
    def _get_cleaned_reason(self, reason):
        """:raise UserError: when there is none"""
        reason = (reason or "").strip() if isinstance(reason, str) or not reason else ""
        if not reason:
            raise UserError(self.env._("Give a reason: whoever asked has to know what to change."))
        return reason
