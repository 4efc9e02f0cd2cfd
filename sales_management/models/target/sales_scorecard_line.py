from odoo import fields, models

from odoo.addons.sales_management.tools.sales_period import get_period

from .sales_scorecard_indicator import ATTAINMENT


class SalesScorecardLine(models.Model):
    """One indicator of a scorecard: what it was, what was wanted, and what it gives."""

    _name = "sales.scorecard.line"
    _description = "Indicator of a Scorecard"
    _order = "sequence, id"

    scorecard_id = fields.Many2one("sales.scorecard", required=True, ondelete="cascade", index=True, readonly=True)
    indicator_id = fields.Many2one("sales.scorecard.indicator", ondelete="set null", readonly=True)
    name = fields.Char(required=True, readonly=True, translate=True)
    sequence = fields.Integer(readonly=True)
    source = fields.Char(readonly=True)
    weight = fields.Float(string="Weight (%)", readonly=True, digits=(5, 1))
    wanted = fields.Float(readonly=True)
    value = fields.Float(readonly=True, help="Empty where it is not known: its weight goes to the others.")
    has_value = fields.Boolean(string="Known", readonly=True)
    points = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="100 at what is wanted, one more or fewer for each percent that it is better or worse, from 0 to 120.",
    )
    contribution = fields.Float(
        string="Part of the Result", readonly=True, digits=(16, 2), help="Points × weight; they make the result."
    )

    def action_open_source(self):
        """Open the records that the value is read from.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        card = self.scorecard_id
        indicators = self.env["sales.indicator"]._get_indicators()
        if self.source in indicators:
            service, indicator = self.env["sales.indicator"], indicators[self.source]
            scope = fields.Domain("user_id", "=", card.user_id.id)
            domain = service._get_domain(indicator, card.company_id, card.date_from, card.date_to, scope)
            domain, model = self.env["sales.process.health"]._serialize(domain), indicator.model
        else:
            model, domain = self._get_own_source(card)
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.name} · {card.display_name}",
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"active_test": False},
        }

    def _get_own_source(self, card):
        owner = ("user_id", "=", card.user_id.id)
        if self.source == "data_completeness":
            return "res.partner", [owner, ("is_company", "=", True)]
        if self.source == "system_use":
            days = [("date", ">=", card.date_from), ("date", "<=", card.date_to)]
            return "sales.result", [owner, ("metric", "=", "activities"), *days]
        period = get_period(card.period_kind, card.date_from, card.date_from.day)
        metric = self.source.removeprefix(ATTAINMENT)
        return "sales.target", [owner, ("metric", "=", metric), ("date_from", "=", period.start)]
