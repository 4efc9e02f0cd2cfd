from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

#: Units in which indicators are said.
UNITS = [("money", "Amount"), ("count", "Count"), ("percent", "%"), ("days", "Days"), ("hours", "Hours")]


class SalesStrategyAdjustment(models.Model):
    """Something seen, something changed because of it, and whether the figure that was to move has moved."""

    _name = "sales.strategy.adjustment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Strategy Adjustment"
    _order = "date_due desc, id desc"

    name = fields.Char(string="What Was Changed", required=True, tracking=True)
    observation = fields.Text(
        string="What Was Seen", tracking=True, help="Where, and since when, sales are not as wanted."
    )
    measure = fields.Html(string="How", help="Who does what otherwise from now on.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade", index=True
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        default=lambda self: self._default_team(),
        ondelete="cascade",
        index=True,
        tracking=True,
        help="Empty: the whole company.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        ondelete="set null",
        domain="[('share', '=', False)]",
        tracking=True,
        help="Empty: everybody of the team.",
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        ondelete="set null",
        domain="[('share', '=', False)]",
        tracking=True,
        index=True,
    )
    indicator = fields.Selection(
        selection="_selection_indicator",
        required=True,
        tracking=True,
        help="The figure that is to move, as its report shows it.",
    )
    unit = fields.Selection(UNITS, compute="_compute_unit")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Changed On", required=True, default=fields.Date.context_today, tracking=True, help="From this day on."
    )
    date_due = fields.Date(
        string="Judged On",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=90),
        tracking=True,
        help="The figure from the day of the change to this one is compared with as many days before the change.",
    )
    baseline = fields.Float(
        compute="_compute_baseline",
        store=True,
        readonly=False,
        tracking=True,
        help="What the figure was in as many days before the change as are given to it.",
    )
    target = fields.Float(required=True, tracking=True, help="What the figure is to be from the change to its day.")
    actual = fields.Float(
        readonly=True, copy=False, help="What the figure has been since the change, as its report showed it last."
    )
    actual_at = fields.Datetime(string="Read On", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Under Way"), ("worked", "Worked"), ("failed", "Did Not Work")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        help="Judged on its day: it worked when the figure reached the target.",
    )
    worked_rate = fields.Float(
        string="Worked (%)",
        compute="_compute_worked_rate",
        store=True,
        aggregator="avg",
        help="Of the adjustments that were judged, the share that worked. Wanted: over 70 %.",
    )
    conclusion = fields.Text(string="What Was Learnt", tracking=True)

    _dates_check = models.Constraint(
        "CHECK (date_due > date_from)", "An adjustment is judged after it was made. Choose a later day."
    )

    # === Defaults === #

    @api.model
    def _default_team(self):
        """The team that one leads, outside of which only managers write."""
        if self.env.user.has_group("sales_team.group_sale_manager"):
            return self.env["crm.team"]
        return self.env["crm.team"].search([("user_id", "=", self.env.uid)], limit=1)

    # === Choices === #

    @api.model
    def _selection_indicator(self):
        indicators = self.env["sales.indicator"]._get_indicators()
        return [(code, indicator.label) for code, indicator in indicators.items()]

    # === Computes === #

    @api.depends("indicator")
    def _compute_unit(self):
        indicators = self.env["sales.indicator"]._get_indicators()
        for adjustment in self:
            indicator = indicators.get(adjustment.indicator)
            adjustment.unit = indicator.unit if indicator else False

    @api.depends("indicator", "team_id", "user_id", "date_from", "date_due", "company_id")
    def _compute_baseline(self):
        known = self.filtered(lambda adjustment: adjustment.indicator and adjustment.date_from and adjustment.date_due)
        for adjustment in known.filtered(lambda adjustment: adjustment.state == "open"):
            days = adjustment.date_due - adjustment.date_from + timedelta(days=1)
            last = adjustment.date_from - timedelta(days=1)
            adjustment.baseline = adjustment._read_value(adjustment.date_from - days, last)

    @api.depends("state")
    def _compute_worked_rate(self):
        for adjustment in self:
            adjustment.worked_rate = 100.0 if adjustment.state == "worked" else 0.0

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec.startswith("worked_rate:"):
            state = self._field_to_sql(self._table, "state", query)
            return SQL(
                "(100.0 * count(*) FILTER (WHERE %(state)s = 'worked') "
                "/ NULLIF(count(*) FILTER (WHERE %(state)s != 'open'), 0))::float8",
                state=state,
            )
        return super()._read_group_select(aggregate_spec, query)

    # === Constraints === #

    @api.constrains("company_id", "team_id")
    def _check_team(self):
        wrong = self.filtered(
            lambda adjustment: adjustment.team_id.company_id and adjustment.team_id.company_id != adjustment.company_id
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "The team is of another company. Choose one of the same, or another company: %(adjustments)s",
                    adjustments=", ".join(wrong.mapped("name")),
                )
            )

    # === Actions === #

    def action_read_actual(self):
        """Read what the figure has been since the change.

        :return: True
        """
        self.check_access("write")
        self._read_actual()
        return True

    def action_judge(self):
        """Say whether it worked, by the figure as it is now.

        :return: True
        :raise UserError: before the change has begun
        """
        self.check_access("write")
        early = self.filtered(lambda adjustment: adjustment.date_from > fields.Date.context_today(adjustment))
        if early:
            raise UserError(
                self.env._(
                    "There is nothing to judge yet: they begin later. %(adjustments)s",
                    adjustments=", ".join(early.mapped("name")),
                )
            )
        self._read_actual()
        for adjustment in self:
            adjustment.state = "worked" if adjustment._is_reached() else "failed"
        return True

    def action_reopen(self):
        """Judge again later.

        :return: True
        """
        self.check_access("write")
        self.state = "open"
        return True

    def action_open_records(self):
        """Open the rows that the figure is read from, since the change.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        service = self.env["sales.indicator"]
        indicator = service._get_indicators()[self.indicator]
        domain = service._get_domain(indicator, self.company_id, self.date_from, self.date_due, self._get_scope())
        return {
            "type": "ir.actions.act_window",
            "name": indicator.label,
            "res_model": indicator.model,
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": self.env["sales.process.health"]._serialize(domain),
            "context": {"active_test": False},
        }

    # === Figures === #

    def _read_actual(self):
        # A query for each: every adjustment has days, people and a report of its own.
        for adjustment in self:
            last = min(adjustment.date_due, fields.Date.context_today(adjustment))
            if last >= adjustment.date_from:
                adjustment.actual = adjustment._read_value(adjustment.date_from, last)
                adjustment.actual_at = fields.Datetime.now()

    def _read_value(self, first, last):
        """:return: the figure from day to day; zero where there is nothing to read it from
        :rtype: float
        """
        self.ensure_one()
        values = self.env["sales.indicator"]._get_values(
            [self.indicator], self.company_id, first, last, domain=self._get_scope()
        )
        return values[self.indicator].get(None, 0.0)

    def _get_scope(self):
        self.ensure_one()
        domain = Domain("team_id", "=", self.team_id.id) if self.team_id else Domain.TRUE
        return domain & Domain("user_id", "=", self.user_id.id) if self.user_id else domain

    def _is_reached(self):
        self.ensure_one()
        if self.env["sales.indicator"]._get_indicators()[self.indicator].is_higher_better:
            return self.actual >= self.target
        return self.actual <= self.target

    # === Jobs === #

    @api.model
    def _cron_judge(self, limit=100):
        """Judge what has come to its day, and keep the figures of the others fresh."""
        companies = self.env["res.company"]._get_enabled_company_ids("sales_target_enabled")
        today = fields.Date.context_today(self)
        stale = fields.Datetime.now() - timedelta(days=1)
        adjustments = self.search(
            [
                ("state", "=", "open"),
                ("company_id", "in", list(companies)),
                ("date_from", "<=", today),
                "|",
                ("actual_at", "=", False),
                ("actual_at", "<", stale),
            ],
            limit=limit,
        )
        due = adjustments.filtered(lambda adjustment: adjustment.date_due < today)
        (adjustments - due)._read_actual()
        due.action_judge()
        due._tell_owner()

    def _tell_owner(self):
        """Leave a to-do with whoever is responsible: a figure is judged, what it teaches is not."""
        for adjustment in self.filtered("owner_id"):
            adjustment.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=adjustment.owner_id.id,
                summary=adjustment.env._("Write down what was learnt: %(name)s", name=adjustment.name),
            )
