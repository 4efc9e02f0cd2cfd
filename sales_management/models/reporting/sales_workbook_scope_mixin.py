from odoo import fields, models


class SalesWorkbookScopeMixin(models.AbstractModel):
    """What a workbook is of: teams and sheets."""

    _name = "sales.workbook.scope.mixin"
    _description = "Scope of a Workbook"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade", index=True
    )
    team_ids = fields.Many2many("crm.team", string="Sales Teams", help="Empty: all that the reader may see.")
    sheet_ids = fields.Many2many(
        "sales.workbook.sheet",
        string="Sheets",
        default=lambda self: self._default_sheet_ids(),
        help="A sheet is left out where what it shows is switched off, or its reader may not see it.",
    )

    def _default_sheet_ids(self):
        """:return: the sheets that are switched on, and that whoever asks may read"""
        source, company = self.env["sales.workbook.source"], self.env.company
        sheets = self.env["sales.workbook.sheet"].search([("code", "!=", False)])
        return sheets.filtered(lambda sheet: source._is_open(sheet.code, company))
