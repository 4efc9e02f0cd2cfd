from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sales_customer_import import CHOICES, KINDS

#: What needs attention comes first.
RANKS = {"error": 0, "duplicate": 1, "new": 2, "imported": 3, "undone": 4}


class SalesCustomerImportLine(models.Model):
    """A row of a spreadsheet: what it is, and what became of it. Written by the import alone, but for the choice."""

    _name = "sales.customer.import.line"
    _description = "Row of a Spreadsheet"
    _order = "import_id desc, rank, id"

    import_id = fields.Many2one(
        "sales.customer.import", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="import_id.company_id")
    kind = fields.Selection([*KINDS, ("value", "Values of Lists")], string="Sheet", required=True, readonly=True)
    row = fields.Integer(readonly=True, aggregator=None, help="Number of the row, as the spreadsheet shows it.")
    name = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("new", "New"),
            ("duplicate", "Known"),
            ("error", "Problem"),
            ("imported", "Imported"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
    )
    rank = fields.Integer(compute="_compute_rank", store=True, aggregator=None)
    message = fields.Text(readonly=True)
    choice = fields.Selection(
        CHOICES, help="What happens to a row that is known already. What is filled overwrites nothing."
    )
    data = fields.Json(readonly=True)
    match_model = fields.Char(readonly=True)
    match_id = fields.Many2oneReference(
        string="Known As", model_field="match_model", readonly=True, help="The record that seems to be the same."
    )
    match_row = fields.Integer(readonly=True, aggregator=None, help="The row of the same sheet that says the same.")
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    filled = fields.Json(readonly=True, help="What the import filled on a record that was there.")

    # === Computes === #

    @api.depends("state")
    def _compute_rank(self):
        for line in self:
            line.rank = RANKS.get(line.state, 0)

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Rows come from a spreadsheet alone. Upload one."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_choice(vals)
        return super().write(vals)

    def _check_choice(self, vals):
        if set(vals) - {"choice"}:
            raise AccessError(self.env._("What an import found is not written by hand. Check the file again."))
        for line in self:
            if line.state != "duplicate" or line.import_id.state != "checked":
                raise UserError(
                    self.env._("Row %(row)s, %(name)s: there is nothing to choose.", row=line.row, name=line.name or "")
                )
            if vals["choice"] == "update" and (not line.match_id or line.kind == "follow_up"):
                raise UserError(
                    self.env._(
                        "Row %(row)s, %(name)s: there is no record that could be filled. Leave it out, or create it.",
                        row=line.row,
                        name=line.name or "",
                    )
                )

    # === Actions === #

    def action_open(self):
        """:return: the record that the row became, or the one that it is known as
        :rtype: dict
        :raise UserError: when there is none
        """
        self.ensure_one()
        model, record_id = (self.res_model, self.res_id) if self.res_id else (self.match_model, self.match_id)
        if model == "mail.message":
            # sudo: only which record it stands on
            message = self.env[model].sudo().browse(record_id).exists()
            model, record_id = message.model, message.res_id
        record = self.env[model].browse(record_id).exists() if model and record_id else None
        if not record:
            raise UserError(
                self.env._("Row %(row)s, %(name)s: there is no record to open.", row=self.row, name=self.name or "")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record.id,
            "views": [[False, "form"]],
        }
