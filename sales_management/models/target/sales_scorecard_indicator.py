from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sales_management.const import METRICS

#: Sources that the service of indicators does not know, because they are of people alone.
ATTAINMENT = "attainment_"


class SalesScorecardIndicator(models.Model):
    """What people are judged by, what is wanted of it, and how much it weighs."""

    _name = "sales.scorecard.indicator"
    _inherit = ["sales.tracked.mixin"]
    _description = "Scorecard Indicator"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one("res.company", ondelete="cascade", index=True, help="Empty: of all companies.")
    source = fields.Selection(
        selection="_selection_source",
        required=True,
        tracking=True,
        help="The figure, as its report shows it. Attainment: what was reached of the targets of the person for this "
        "very period. Completeness of data: see the fields below. System use: days with an activity done, a note, a "
        "message or a move of a deal ÷ working days.",
    )
    weight = fields.Float(
        string="Weight (%)",
        required=True,
        digits=(5, 1),
        tracking=True,
        help="Its part of the result. The weights of a company make 100 %. What has no value leaves its weight to the "
        "others.",
    )
    wanted = fields.Float(
        required=True,
        default=100.0,
        tracking=True,
        help="100 points. One point more or fewer for each percent that the figure is better or worse, from 0 to 120.",
    )
    is_higher_better = fields.Boolean(
        string="More Is Better", compute="_compute_is_higher_better", store=True, readonly=False, tracking=True
    )
    data_field_ids = fields.One2many("sales.scorecard.field", "indicator_id", string="Fields That Are Filled In")

    _weight_check = models.Constraint("CHECK (weight > 0 AND weight <= 100)", "A weight is more than 0, at most 100 %.")

    # === Choices === #

    @api.model
    def _selection_source(self):
        labels = dict(self.env["sales.target"]._fields["metric"]._description_selection(self.env))
        attainment = [
            (f"{ATTAINMENT}{metric}", self.env._("Attainment: %(metric)s", metric=labels[metric]))
            for metric, _label in METRICS
        ]
        indicators = [(code, own.label) for code, own in self.env["sales.indicator"]._get_indicators().items()]
        return [
            *attainment,
            ("data_completeness", self.env._("Completeness of Data")),
            ("system_use", self.env._("System Use")),
            *indicators,
        ]

    # === Computes === #

    @api.depends("source")
    def _compute_is_higher_better(self):
        indicators = self.env["sales.indicator"]._get_indicators()
        for indicator in self:
            known = indicators.get(indicator.source)
            indicator.is_higher_better = known.is_higher_better if known else True

    # === Figures === #

    def _prepare_line(self, value, score):
        """:return: values of the line of a scorecard
        :rtype: dict
        """
        self.ensure_one()
        return {
            "indicator_id": self.id,
            "name": self.name,
            "sequence": self.sequence,
            "source": self.source,
            "weight": self.weight,
            "wanted": self.wanted,
            "value": value or 0.0,
            "has_value": score.points is not None,
            "points": score.points or 0.0,
            "contribution": score.contribution,
        }

    @api.model
    def _get_of_company(self, company):
        """Indicators by which a company judges.

        :rtype: sales.scorecard.indicator
        :raise ValidationError: where there are none, or their weights do not make 100 %
        """
        indicators = self.search([("company_id", "in", (company.id, False))])
        total = round(sum(indicators.mapped("weight")), 1)
        if total != 100:
            raise ValidationError(
                self.env._(
                    "The weights of the indicators of %(company)s make %(total)s %%. Change them under Configuration ▸ "
                    "Scorecard Indicators so that they make 100 %%.",
                    company=company.name,
                    total=f"{total:g}",
                )
            )
        return indicators
