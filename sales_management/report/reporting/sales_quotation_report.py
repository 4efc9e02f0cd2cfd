from odoo import fields, models
from odoo.tools import SQL


class SalesQuotationReport(models.Model):
    """Quotations through their revisions: how soon the first was sent, how soon it was decided, and how."""

    _name = "sales.quotation.report"
    _inherit = ["sales.process.report.mixin"]
    _description = "Quotation Figures"
    _auto = False
    _order = "sent_at desc, id desc"
    _rec_name = "order_id"

    _depends = {
        "crm.lead": [
            "active",
            "create_date",
            "date_closed",
            "deal_class_id",
            "deal_number",
            "deal_opened_on",
            "won_status",
        ],
        "res.partner": ["commercial_partner_id", "country_id", "state_id"],
        "sale.order": [
            "company_id",
            "create_date",
            "date_order",
            "handed_over_at",
            "is_current_revision",
            "opportunity_id",
            "partner_id",
            "quotation_family_id",
            "state",
            "team_id",
            "user_id",
        ],
        "sales.deal.class": ["is_repeat"],
        "sales.quotation.copy": ["left_at", "order_id"],
    }
    _rates = {"confirmation_rate": ("confirmed_count", "decided_count")}
    _percentiles = {
        "median_turnaround_hours": ("turnaround_hours", 0.5),
        "p90_turnaround_hours": ("turnaround_hours", 0.9),
        "median_decision_days": ("decision_days", 0.5),
    }

    order_id = fields.Many2one("sale.order", string="Quotation", readonly=True, help="Its current revision.")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", string="Region", readonly=True)
    user_id = fields.Many2one(help="The salesperson of the quotation.")
    team_id = fields.Many2one(help="The team of the quotation.")
    asked_at = fields.Datetime(
        string="Asked For On",
        readonly=True,
        help="When its deal began, or, without a deal, when its first revision was made.",
    )
    sent_at = fields.Datetime(
        string="First Sent On", readonly=True, help="When its first revision was handed over for the first time."
    )
    decided_at = fields.Datetime(
        string="Decided On",
        readonly=True,
        help="When it was confirmed, or its deal was lost. Of one that was only cancelled, there is none.",
    )
    outcome = fields.Selection(
        [("open", "Open"), ("confirmed", "Confirmed"), ("lost", "Lost")],
        readonly=True,
        help="Confirmed: it is an order. Lost: it was cancelled, or its deal was lost.",
    )
    turnaround_hours = fields.Float(string="Turnaround (Hours)", readonly=True, aggregator=None)
    decision_days = fields.Float(string="Decision (Days)", readonly=True, aggregator=None)
    quotation_count = fields.Integer(
        string="Quotations Sent",
        readonly=True,
        aggregator="sum",
        help="Quotations that were sent, each through its revisions once.",
    )
    confirmed_count = fields.Integer(
        string="Confirmed", readonly=True, aggregator="sum", help="Those of them that became orders, whenever that was."
    )
    decided_count = fields.Integer(
        string="Confirmed or Lost", readonly=True, aggregator="sum", help="Those of them that are not open any more."
    )
    confirmation_rate = fields.Float(
        string="Confirmed (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Of the quotations sent in the period that are decided, the share that became an order.",
    )
    median_turnaround_hours = fields.Float(
        string="Quotation Turnaround, Median (Hours)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Half of the first quotations sent in the period left sooner than this: hours from when the deal began, "
        "or, without a deal, from when the quotation was made, until it was sent. Later ones of a deal have none.",
    )
    p90_turnaround_hours = fields.Float(
        string="Quotation Turnaround, 90th Percentile (Hours)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Nine of ten first quotations sent in the period left sooner than this.",
    )
    median_decision_days = fields.Float(
        string="Until Decided, Median (Days)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Half of the quotations sent in the period were decided sooner than this: days from when the quotation "
        "was first sent until it was confirmed or its deal was lost. Open ones have none.",
    )

    # === Actions === #

    def action_open_record(self):
        """Open the quotation of a row.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return self.order_id.get_formview_action()

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT paper.id, paper.order_id, paper.company_id, paper.user_id, paper.team_id, paper.lead_id,
                   paper.sent_at, paper.asked_at, paper.decided_at, paper.outcome,
                   customer.commercial_partner_id AS partner_id, customer.country_id, customer.state_id,
                   paper.deal_number, paper.deal_class_id, paper.is_repeat, paper.deal_state,
                   %(hours)s AS turnaround_hours, %(hours)s AS median_turnaround_hours,
                   %(hours)s AS p90_turnaround_hours,
                   %(days)s AS decision_days, %(days)s AS median_decision_days,
                   1 AS quotation_count,
                   (paper.outcome = 'confirmed')::int AS confirmed_count,
                   (paper.outcome != 'open')::int AS decided_count,
                   CASE paper.outcome WHEN 'confirmed' THEN 100.0 WHEN 'lost' THEN 0.0 END AS confirmation_rate
              FROM (%(papers)s) paper
         LEFT JOIN res_partner contact ON contact.id = paper.partner_id
         LEFT JOIN res_partner customer ON customer.id = contact.commercial_partner_id
            """,
            papers=self._select_papers(),
            hours=SQL(
                "CASE WHEN paper.is_first "
                "THEN GREATEST(EXTRACT(EPOCH FROM paper.sent_at - paper.asked_at) / 3600, 0)::float8 END"
            ),
            # The greatest of nothing and zero is zero.
            days=SQL(
                "CASE WHEN paper.decided_at IS NOT NULL "
                "THEN GREATEST(EXTRACT(EPOCH FROM paper.decided_at - paper.sent_at) / 86400, 0)::float8 END"
            ),
        )

    def _select_papers(self) -> SQL:
        """Papers that were sent, with their deals."""
        return SQL(
            """
            SELECT sent.id, sent.order_id, sent.sent_at, last.company_id, last.user_id, last.team_id, last.partner_id,
                   last.opportunity_id AS lead_id,
                   COALESCE(lead.deal_opened_on, lead.create_date, sent.made_at) AS asked_at,
                   CASE WHEN last.state = 'sale' THEN last.date_order
                        WHEN lead.won_status = 'lost' THEN lead.date_closed END AS decided_at,
                   CASE WHEN last.state = 'sale' THEN 'confirmed'
                        WHEN last.state = 'cancel' OR lead.won_status = 'lost' THEN 'lost'
                        ELSE 'open' END AS outcome,
                   last.opportunity_id IS NULL
                   OR row_number() OVER (PARTITION BY last.opportunity_id ORDER BY sent.sent_at, sent.id) = 1
                   AS is_first,
                   %(deal)s
              FROM (%(sent)s) sent
              JOIN sale_order last ON last.id = sent.order_id
                   %(join)s
             WHERE sent.sent_at IS NOT NULL
            """,
            deal=SQL(
                """
                lead.deal_number, lead.deal_class_id, COALESCE(class.is_repeat, FALSE) AS is_repeat,
                CASE WHEN lead.won_status IN ('won', 'lost') THEN lead.won_status
                     WHEN lead.active THEN 'open'
                     WHEN lead.id IS NOT NULL THEN 'archived' END AS deal_state
                """
            ),
            sent=self._select_sent(),
            join=self._join_deal(SQL("last.opportunity_id")),
        )

    def _select_sent(self) -> SQL:
        """A row for each paper, its revisions together: what is known of copies that left tells the first of them."""
        return SQL(
            """
            SELECT min(revision.id) AS id, min(revision.create_date) AS made_at,
                   (array_agg(revision.id ORDER BY revision.is_current_revision DESC, revision.id DESC))[1] AS order_id,
                   LEAST(min(revision.handed_over_at), min(copy.left_at)) AS sent_at
              FROM sale_order revision
         LEFT JOIN (
                   SELECT order_id, min(left_at) AS left_at
                     FROM sales_quotation_copy
                 GROUP BY order_id
                   ) copy ON copy.order_id = revision.id
          GROUP BY COALESCE(-revision.quotation_family_id, revision.id)
            """
        )
