from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .res_company import TAXES

#: What a closed target says for good.
FROZEN = frozenset(
    {"amount", "metric", "period_kind", "date_from", "company_id", "parent_id", "team_id", "user_id", "categ_id"}
    | {"country_id", "state_id"}
)
#: What closing and reopening write, and nothing else does.
TOLD = frozenset({"state", "closed_actual", "closed_at", "closed_by_id", "closed_tax"})


class SalesTarget(models.Model):
    """Periods that are closed: what was reached stays as it was told."""

    _inherit = "sales.target"

    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    closed_actual = fields.Monetary(
        string="Reached When Closed", readonly=True, copy=False, help="What was reached when the target was closed."
    )
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    closed_tax = fields.Selection(
        TAXES, readonly=True, copy=False, help="How the company counted amounts when the target was closed."
    )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(name, "open") != "open" for vals in vals_list for name in TOLD & vals.keys()):
            self._refuse_told()
        return super().create(vals_list)

    def write(self, vals):
        if TOLD & vals.keys():
            self._refuse_told()
        if FROZEN & vals.keys():
            self._check_open(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _check_open(self, vals=None):
        closed = self.filtered(lambda target: target.state == "closed" and target._is_changed_by(vals))
        if closed:
            raise UserError(
                self.env._(
                    "These targets are closed, and stay as they were told. Reopen them first: %(targets)s",
                    targets=", ".join(closed.mapped("display_name")),
                )
            )

    @api.model
    def _refuse_told(self):
        raise AccessError(
            self.env._("What a closed target says cannot be written. Close the target, or ask a manager to reopen it.")
        )

    def _write_told(self, vals):
        """Write what nobody can write by hand."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _is_changed_by(self, vals):
        self.ensure_one()
        if vals is None:
            return True
        names = FROZEN & vals.keys()
        convert = {name: self._fields[name].convert_to_cache for name in names}
        return any(convert[name](vals[name], self) != convert[name](self[name], self) for name in names)

    # === Actions === #

    def action_close(self):
        """Close periods that are over: from now on these targets say what was reached until today.

        :return: True
        :raise UserError: where a period is not over yet, by the clock of its company
        """
        self.check_access("write")
        targets = self.filtered(lambda target: target.state == "open")
        todays = {company: company._get_sales_today() for company in targets.company_id}
        early = targets.filtered(lambda target: target.date_to >= todays[target.company_id])
        if early:
            raise UserError(
                self.env._(
                    "These periods are not over. Close them when they are: %(targets)s",
                    targets=", ".join(early.mapped("display_name")),
                )
            )
        actuals = targets._get_actuals()
        now = fields.Datetime.now()
        for target in targets:
            target._write_told(
                {
                    "closed_actual": actuals[target.id],
                    "closed_at": now,
                    "closed_by_id": self.env.uid,
                    "closed_tax": target.company_id.sales_amount_tax,
                    "state": "closed",
                }
            )
        return True

    def action_open_reopen(self):
        """Ask why closed targets are opened again.

        :return: action
        :rtype: dict
        """
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_target_reopen_action"),
            "context": {"default_target_ids": self.filtered(lambda target: target.state == "closed").ids},
        }

    def _reopen(self, reason):
        """Open closed targets again: they say what was reached as it is now.

        :param str reason: why, for the chatter
        """
        self.check_access("write")
        for target in self.filtered(lambda target: target.state == "closed"):
            target._write_told(dict.fromkeys(TOLD, False) | {"state": "open"})
            target._message_log(body=self.env._("Reopened: %(reason)s", reason=reason))
