from odoo import fields, models
from odoo.tools import SQL


class SalesDealReport(models.Model):
    """Deals by when they were won or lost, and where their customers are."""

    _inherit = "sales.deal.report"

    _depends = {"crm.lead": ["country_id", "date_closed", "state_id"]}

    closed_on = fields.Datetime(
        readonly=True,
        help="When the deal was won or lost. Of one that is open, or archived and not lost, there is none.",
    )
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", string="Region", readonly=True)
    age = fields.Selection(
        [("30", "Up to 30 Days"), ("60", "31 to 60 Days"), ("90", "61 to 90 Days"), ("old", "Over 90 Days")],
        readonly=True,
        help="How long ago an open deal began; of an imported deal, by the date that it brought.",
    )
    won_count = fields.Integer(
        string="Won Deals", readonly=True, aggregator="sum", help="Deals that were won, by the day of the win."
    )
    lost_count = fields.Integer(
        string="Lost Deals", readonly=True, aggregator="sum", help="Deals that were lost, by the day of the loss."
    )
    decided_count = fields.Integer(
        string="Won or Lost", readonly=True, aggregator="sum", help="Deals that were won or lost. No leads."
    )
    win_rate = fields.Float(
        string="Win Rate (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Of the deals that were won or lost in the period, the share that was won.",
    )

    @property
    def _rates(self):
        return {**super()._rates, "win_rate": ("won_count", "decided_count")}

    # === Query === #

    def _select(self) -> SQL:
        return SQL(
            """
            %(select)s,
                   CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.date_closed END AS closed_on,
                   lead.country_id, lead.state_id, %(age)s AS age,
                   (%(is_won)s)::int AS won_count,
                   (%(is_lost)s)::int AS lost_count,
                   (%(is_won)s OR %(is_lost)s)::int AS decided_count,
                   CASE WHEN %(is_won)s THEN 100.0 WHEN %(is_lost)s THEN 0.0 END AS win_rate
            """,
            select=super()._select(),
            age=self._select_age(),
            is_won=SQL("(lead.type = 'opportunity' AND COALESCE(lead.won_status = 'won', FALSE))"),
            is_lost=SQL("(lead.type = 'opportunity' AND COALESCE(lead.won_status = 'lost', FALSE))"),
        )

    def _select_age(self) -> SQL:
        age = SQL("%s - %s", self.env.cr.now(), self._select_opened_on())
        return SQL(
            """
            CASE WHEN NOT %(is_open)s THEN NULL
                 WHEN %(age)s <= interval '30 days' THEN '30'
                 WHEN %(age)s <= interval '60 days' THEN '60'
                 WHEN %(age)s <= interval '90 days' THEN '90'
                 ELSE 'old' END
            """,
            is_open=self._is_open(),
            age=age,
        )
