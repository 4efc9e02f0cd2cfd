from odoo import fields, models
from odoo.exceptions import UserError


class SalesApprovalRequestStep(models.Model):
    """A step of a request as it was when approval was asked for: rules may be edited while people decide."""

    _name = "sales.approval.request.step"
    _description = "Step of an Approval Request"
    _order = "request_id, sequence, id"

    request_id = fields.Many2one("sales.approval.request", required=True, readonly=True, ondelete="cascade", index=True)
    rule_id = fields.Many2one("sales.approval.rule", readonly=True, ondelete="set null")
    step_id = fields.Many2one("sales.approval.step", readonly=True, ondelete="set null")
    name = fields.Char(readonly=True)
    sequence = fields.Integer(readonly=True)
    user_ids = fields.Many2many("res.users", string="Approvers", readonly=True)
    required_count = fields.Integer(string="How Many", readonly=True, default=1)
    agreed = fields.Json(readonly=True, help="Who agreed, by id, and who said so in their place.")
    stand_ins = fields.Json(readonly=True, help="Who was given this step by an approver, by id, and by whom.")
    deadline_hours = fields.Float(readonly=True)
    state = fields.Selection(
        [("waiting", "Not Yet"), ("open", "Open"), ("approved", "Approved"), ("closed", "Closed")],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    opened_at = fields.Datetime(readonly=True)
    deadline_at = fields.Datetime(string="Due", readonly=True, index="btree_not_null")
    reminded_at = fields.Datetime(readonly=True)
    escalated_at = fields.Datetime(readonly=True)

    # === Turn === #

    def _get_principals(self, user, delegators):
        """For whom a person decides each of these steps now: for himself, for who gave him the step, or for who is
        away and named him.

        :param res.users user: who wants to decide
        :param res.users delegators: those who named him for today
        :return: the one who is asked, by step; steps that are not his are left out
        :rtype: dict[sales.approval.request.step, res.users]
        """
        result = {}
        for step in self:
            agreed = step.agreed or {}
            if user.id in agreed.values():
                continue
            asked = step.user_ids.filtered(lambda asked, agreed=agreed: str(asked.id) not in agreed)
            if principal := asked & user or (asked & delegators)[:1]:
                result[step] = principal
        return result

    def _get_absent(self, principal, user):
        """:return: in whose place a person decides, none for his own
        :rtype: res.users
        """
        if principal != user:
            return principal
        absent_id = (self.stand_ins or {}).get(str(user.id))
        return self.env["res.users"].browse(absent_id or ())

    def _check_own(self, principal, user):
        """Refuse to whoever stands in for somebody to give on what is not his: there are no chains."""
        if absent := self._get_absent(principal, user):
            raise UserError(
                self.env._(
                    "You stand in for %(user)s here: decide it, or leave it to %(user)s to name somebody else.",
                    user=absent.name,
                )
            )

    def _agree(self, principals, user):
        """Write down that a person agreed to these steps.

        :param dict principals: as :meth:`_get_principals` gives them
        """
        # Those that come to the same are written together, for whoever follows steps.
        together = {}
        for step, principal in principals.items():
            agreed = {**(step.agreed or {}), str(principal.id): user.id}
            is_taken = len(agreed) >= step.required_count
            together.setdefault((tuple(agreed.items()), is_taken), []).append(step.id)
        for (agreed, is_taken), ids in together.items():
            vals = {"agreed": dict(agreed)}
            self.browse(ids).write({**vals, "state": "approved"} if is_taken else vals)

    def _open_next(self):
        """Open the lowest sequence of those of these steps that wait, of each request."""
        waiting = self.filtered(lambda step: step.state == "waiting")
        opened = self.browse()
        for steps in waiting.grouped("request_id").values():
            lowest = min(steps.mapped("sequence"))
            opened += steps.filtered(lambda step, lowest=lowest: step.sequence == lowest)
        if opened:
            opened.write({"state": "open", "opened_at": fields.Datetime.now()})
