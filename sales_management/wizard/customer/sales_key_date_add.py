from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.models.customer.sales_key_date import YEARLY_KINDS


class SalesKeyDateAdd(models.TransientModel):
    """Gives many contacts the same day, such as a holiday with its greeting. It creates by the rights of the caller."""

    _name = "sales.key.date.add"
    _description = "Add a Key Date to Contacts"

    partner_ids = fields.Many2many("res.partner", string="Contacts", default=lambda self: self._default_partner_ids())
    kind = fields.Selection(
        lambda self: self.env["sales.key.date"]._fields["kind"]._description_selection(self.env),
        default="holiday",
        required=True,
    )
    name = fields.Char(string="Occasion")
    date = fields.Date(required=True)
    repeat = fields.Selection(
        lambda self: self.env["sales.key.date"]._fields["repeat"]._description_selection(self.env),
        compute="_compute_repeat",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="A holiday that follows the moon comes on another day each year: add it once for every year.",
    )
    lead_days = fields.Integer(string="Days Ahead", default=7, required=True)
    mail_template_id = fields.Many2one(
        "mail.template", string="Mail on the Day", domain="[('model', '=', 'res.partner')]"
    )

    # === Computes === #

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        return self.env["res.partner"].browse(self.env.context.get("active_ids") or ()).exists()

    @api.depends("kind")
    def _compute_repeat(self):
        for wizard in self:
            wizard.repeat = "yearly" if wizard.kind in YEARLY_KINDS else "once"

    # === Actions === #

    def action_add(self):
        """Give these contacts the day, those who have it already left out.

        :return: action that shows the days
        :rtype: dict
        :raise UserError: where all of them have it
        """
        self.ensure_one()
        partners = self.partner_ids - self._get_known()
        if not partners:
            raise UserError(self.env._("Choose contacts who do not have that day already."))
        key_dates = self.env["sales.key.date"].create([self._prepare_key_date_values(partner) for partner in partners])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key Dates"),
            "res_model": "sales.key.date",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", key_dates.ids)],
        }

    # === Tools === #

    def _get_known(self):
        """:return: those of the contacts who have that day"""
        domain = [
            ("partner_id", "in", self.partner_ids.ids),
            ("kind", "=", self.kind),
            ("name", "=", self.name),
            ("date", "=", self.date),
        ]
        return self.env["sales.key.date"].search(domain).partner_id

    def _prepare_key_date_values(self, partner):
        return {
            "partner_id": partner.id,
            "kind": self.kind,
            "name": self.name,
            "date": self.date,
            "repeat": self.repeat,
            "lead_days": self.lead_days,
            "mail_template_id": self.mail_template_id.id,
        }
