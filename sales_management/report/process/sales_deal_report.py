from odoo import fields, models
from odoo.tools import SQL

#: Days from which on an open deal is an old one.
OLD_DAYS = 90


class SalesDealReport(models.Model):
    """Leads and deals by when they began: early losses, first responses, and deals that grow old."""

    _name = "sales.deal.report"
    _inherit = ["sales.process.report.mixin"]
    _description = "Deal Figures"
    _auto = False
    _order = "opened_on desc, id desc"
    _rec_name = "lead_id"

    _depends = {
        "crm.lead": [
            "active",
            "company_id",
            "create_date",
            "deal_class_id",
            "deal_number",
            "deal_opened_on",
            "first_response_at",
            "first_response_hours",
            "lost_reason_id",
            "source_id",
            "stage_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.stage": ["sales_code", "sequence", "team_ids"],
        "sales.deal.class": ["is_repeat"],
    }
    _rates = {"early_loss_rate": ("early_loss_count", "lead_count"), "old_rate": ("old_count", "open_count")}
    _percentiles = {
        "median_response_hours": ("response_hours", 0.5),
        "p90_response_hours": ("response_hours", 0.9),
    }

    type = fields.Selection(
        selection=lambda self: self.env["crm.lead"]._fields["type"]._description_selection(self.env), readonly=True
    )
    stage_id = fields.Many2one("crm.stage", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    lost_reason_id = fields.Many2one("crm.lost.reason", readonly=True)
    opened_on = fields.Datetime(
        string="Created On", readonly=True, help="When the deal began; of an imported deal, the date that it brought."
    )
    is_early_loss = fields.Boolean(
        string="Lost Before Requirements Confirmed",
        readonly=True,
        help="Lost before Requirements confirmed: it stood in a stage before the one with the code requirements. Where "
        "there is no such stage, in one before the third stage of all teams.",
    )
    is_old = fields.Boolean(string="Old", readonly=True, help="Open, and began more than 90 days ago.")
    response_hours = fields.Float(
        string="First Response (Hours)", readonly=True, aggregator=None, help="Hours until the first outgoing contact."
    )
    lead_count = fields.Integer(
        string="Leads and Deals",
        readonly=True,
        aggregator="sum",
        help="Leads and deals created in the period, without those that are archived and not lost.",
    )
    early_loss_count = fields.Integer(
        string="Lost Early", readonly=True, aggregator="sum", help="Those of them lost before Requirements confirmed."
    )
    early_loss_rate = fields.Float(
        string="Lead Loss (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Of the leads and deals created in the period, the share that was lost before Requirements confirmed. "
        "Those that are archived and not lost are counted apart.",
    )
    median_response_hours = fields.Float(
        string="First Response, Median (Hours)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Half of the leads and deals created in the period that had a response had it sooner than this: hours "
        "from creation to the first outgoing contact.",
    )
    p90_response_hours = fields.Float(
        string="First Response, 90th Percentile (Hours)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Nine of ten that had a response had it sooner than this.",
    )
    open_count = fields.Integer(
        string="Open Deals", readonly=True, aggregator="sum", help="Deals that are neither won, lost nor archived."
    )
    old_count = fields.Integer(
        string="Old Deals", readonly=True, aggregator="sum", help="Open deals that began more than 90 days ago."
    )
    old_rate = fields.Float(
        string="Old Deals (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Share of the open deals that are older than 90 days, counted from the date that an import brought.",
    )
    archived_count = fields.Integer(
        string="Archived, Not Lost",
        readonly=True,
        aggregator="sum",
        help="Leads and deals that are archived and not lost: counted in no rate.",
    )

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s", self._select(), self._from())

    def _select(self) -> SQL:
        hours = self._select_response_hours()
        return SQL(
            """
            SELECT lead.id, lead.id AS lead_id, lead.type, lead.stage_id, lead.source_id, lead.lost_reason_id,
                   lead.team_id, lead.company_id, %(deal)s,
                   %(opened_on)s AS opened_on,
                   %(is_early_loss)s AS is_early_loss,
                   %(is_old)s AS is_old,
                   %(hours)s AS response_hours, %(hours)s AS median_response_hours, %(hours)s AS p90_response_hours,
                   (NOT %(is_archived)s)::int AS lead_count,
                   (%(is_early_loss)s)::int AS early_loss_count,
                   CASE WHEN NOT %(is_archived)s THEN 100.0 * (%(is_early_loss)s)::int END AS early_loss_rate,
                   (%(is_open)s)::int AS open_count,
                   (%(is_old)s)::int AS old_count,
                   CASE WHEN %(is_open)s THEN 100.0 * (%(is_old)s)::int END AS old_rate,
                   (%(is_archived)s)::int AS archived_count
            """,
            deal=self._select_deal(),
            opened_on=self._select_opened_on(),
            hours=hours,
            is_early_loss=SQL("(lead.won_status = 'lost' AND COALESCE(early.is_early, lead.stage_id IS NULL))"),
            is_open=self._is_open(),
            is_old=SQL(
                "(%s AND %s < %s - interval '%s days')",
                self._is_open(),
                self._select_opened_on(),
                self.env.cr.now(),
                OLD_DAYS,
            ),
            is_archived=SQL("(NOT lead.active AND lead.won_status NOT IN ('won', 'lost'))"),
        )

    def _from(self) -> SQL:
        return SQL(
            """
            FROM crm_lead lead
       LEFT JOIN sales_deal_class class ON class.id = lead.deal_class_id
       LEFT JOIN (%s) early ON early.id = lead.stage_id
            """,
            self._select_early_stages(),
        )

    def _is_open(self) -> SQL:
        return SQL("(lead.type = 'opportunity' AND lead.active AND lead.won_status = 'pending')")

    def _select_opened_on(self) -> SQL:
        return SQL("COALESCE(lead.deal_opened_on, lead.create_date)")

    def _select_response_hours(self) -> SQL:
        return SQL("CASE WHEN lead.first_response_at IS NOT NULL THEN lead.first_response_hours::float8 END")

    def _select_early_stages(self) -> SQL:
        """Which stages come before *Requirements confirmed*, in the order of ``tools.stage_order``.

        Without a stage of that code it is the third of those of all teams; with fewer, every stage is early.
        """
        return SQL(
            """
            SELECT stage.id, COALESCE((stage.sequence, stage.id) < (border.sequence, border.id), TRUE) AS is_early
              FROM crm_stage stage
         LEFT JOIN (
                   SELECT sequence, id
                     FROM (
                          SELECT sequence, id, FALSE AS is_third
                            FROM crm_stage
                           WHERE sales_code = 'requirements'
                       UNION ALL
                          (SELECT sequence, id, TRUE
                             FROM crm_stage
                            WHERE NOT EXISTS (SELECT FROM crm_stage_crm_team_rel r WHERE r.crm_stage_id = crm_stage.id)
                         ORDER BY sequence, id
                           OFFSET 2 LIMIT 1)
                          ) candidate
                 ORDER BY is_third, sequence, id
                    LIMIT 1
                   ) border ON TRUE
            """
        )
