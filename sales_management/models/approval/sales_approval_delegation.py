from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class SalesApprovalDelegation(models.Model):
    """Who decides for whom while they are away. A delegate of a delegate decides nothing."""

    _name = "sales.approval.delegation"
    _description = "Approval Delegation"
    _order = "date_from desc, id desc"

    user_id = fields.Many2one(
        "res.users",
        string="Approver",
        required=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        index=True,
    )
    delegate_id = fields.Many2one(
        "res.users", required=True, ondelete="cascade", index=True, domain=[("share", "=", False)]
    )
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", required=True, help="Last day on which the delegate decides.")

    _dates_check = models.Constraint("CHECK (date_to >= date_from)", "A delegation ends on its first day or later.")
    _other_check = models.Constraint(
        "CHECK (user_id <> delegate_id)", "Choose somebody else: nobody stands in for himself."
    )

    # === ORM === #

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            # The framework asks about the rows as they were: nobody makes himself the delegate of somebody else.
            self.check_access("write")
        return result

    # === Constraints === #

    @api.constrains("user_id", "delegate_id", "date_from", "date_to")
    def _check_delegate(self):
        for delegation in self:
            # sudo: whoever delegates need not see the delegations of others.
            delegate = delegation.delegate_id.sudo()
            if not delegate.active or delegate.share:
                raise ValidationError(
                    self.env._("%(user)s has left or is from outside. Choose another delegate.", user=delegate.name)
                )
            other = delegation.sudo().search(delegation._get_circle_domain(), limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "%(delegate)s is away then, with %(user)s as delegate: you would stand in for each other. "
                        "Choose another delegate.",
                        delegate=delegate.name,
                        user=delegation.user_id.name,
                    )
                )

    def _get_circle_domain(self):
        return (
            Domain("user_id", "=", self.delegate_id.id)
            & Domain("delegate_id", "=", self.user_id.id)
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from)
        )

    # === Standing in === #

    @api.model
    def _get_current_domain(self):
        today = fields.Date.context_today(self.with_context(tz=self.env.company.resource_calendar_id.tz))
        return Domain("date_from", "<=", today) & Domain("date_to", ">=", today)

    @api.model
    def _get_delegators(self, user):
        """Those for whom a person stands in today. Whoever stands in for one of them does not: there are no chains.

        :rtype: res.users
        """
        # sudo: whether he stands in for somebody does not depend on what he may see.
        return self.sudo().search(self._get_current_domain() & Domain("delegate_id", "=", user.id)).user_id

    @api.model
    def _get_delegates(self, users):
        """Who stands in today for each of these people.

        :rtype: dict[res.users, res.users]
        """
        # sudo: as above.
        found = self.sudo().search(self._get_current_domain() & Domain("user_id", "in", users.ids))
        return {user: rows.delegate_id.filtered("active") for user, rows in found.grouped("user_id").items()}
