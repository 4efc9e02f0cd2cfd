from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Whose data people keep: the field of its salesperson, and which of them count.
MODELS = {
    "res.partner": ("user_id", [("is_company", "=", True)]),
    "crm.lead": ("user_id", [("type", "=", "opportunity"), ("won_status", "=", "pending")]),
}


class SalesScorecardField(models.Model):
    """A field that counts for the completeness of data, and how much."""

    _name = "sales.scorecard.field"
    _description = "Field of the Completeness of Data"
    _order = "id"

    indicator_id = fields.Many2one("sales.scorecard.indicator", required=True, ondelete="cascade", index=True)
    field_id = fields.Many2one(
        "ir.model.fields",
        required=True,
        ondelete="cascade",
        domain="[('model', 'in', ('res.partner', 'crm.lead')), ('store', '=', True)]",
        help="Of customers that are companies, or of open deals.",
    )
    model = fields.Char(related="field_id.model", store=True)
    weight = fields.Float(default=1.0, required=True, digits=(5, 1), help="How much it counts beside the others.")

    _weight_check = models.Constraint("CHECK (weight > 0)", "A field that counts has a weight above zero.")

    @api.constrains("field_id")
    def _check_field(self):
        wrong = self.filtered(lambda row: row.field_id.model not in MODELS or not row.field_id.store)
        if wrong:
            raise ValidationError(
                self.env._(
                    "Only stored fields of customers and deals can be counted. Take these out: %(fields)s",
                    fields=", ".join(wrong.field_id.mapped("field_description")),
                )
            )

    def _get_completeness(self, company, users):
        """Share of the fields that are filled in, of what each person keeps, in two queries for each field.

        :return: percent by id of the user; who keeps nothing is missing
        :rtype: dict[int, float]
        """
        filled, all_ = {}, {}
        for row in self:
            owner, domain = MODELS[row.model]
            # sudo: how much of their data is filled in is counted for everybody who gets a scorecard.
            records = self.env[row.model].sudo()
            kept = [*domain, (owner, "in", users.ids), ("company_id", "in", (company.id, False))]
            for known, where in ((all_, kept), (filled, [*kept, (row.field_id.name, "!=", False)])):
                for user, count in records._read_group(where, [owner], ["__count"]):
                    known[user.id] = known.get(user.id, 0) + row.weight * count
        return {user_id: 100 * filled.get(user_id, 0) / whole for user_id, whole in all_.items() if whole}
