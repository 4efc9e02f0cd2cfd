from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_management.const import METRICS
from odoo.addons.sales_management.tools.conjunct import get_conjuncts

#: Where a search tells the query which targets it asks for. No client can say it: a request brings no such type.
ASKED = "sales_target_report_asked"
#: What a search may narrow the targets by before anything is counted.
NARROWING = frozenset(
    {
        "categ_id",
        "company_id",
        "country_id",
        "date_from",
        "date_to",
        "id",
        "metric",
        "parent_id",
        "period_kind",
        "state_id",
        "team_id",
        "user_id",
    }
)
OPERATORS = frozenset({"in", "=", ">", ">=", "<", "<="})


class Asked(NamedTuple):
    """The targets that a search asks for, with what was reached of each."""

    query: SQL


class SalesTargetReport(models.Model):
    """Targets against what was reached: attainment, gap, and where the period will end."""

    _name = "sales.target.report"
    _inherit = ["sales.report.mixin"]
    _description = "Targets and Results"
    _auto = False
    _order = "date_from desc, metric, id"
    _rec_name = "target_id"

    _depends = {
        "res.company": ["currency_id", "partner_id", "resource_calendar_id"],
        "res.partner": ["tz"],
        "sales.target": [
            "amount",
            "categ_id",
            "company_id",
            "country_id",
            "date_from",
            "date_to",
            "metric",
            "parent_id",
            "period_kind",
            "closed_actual",
            "state",
            "state_id",
            "team_id",
            "user_id",
        ],
    }
    _rates = {"attainment": ("actual", "target_amount"), "expected_attainment": ("expected", "expected_target")}

    target_id = fields.Many2one("sales.target", string="Period and Scope", readonly=True)
    parent_id = fields.Many2one("sales.target", string="Part Of", readonly=True)
    metric = fields.Selection(METRICS, readonly=True)
    period_kind = fields.Selection(
        selection=lambda self: self.env["sales.target"]._fields["period_kind"]._description_selection(self.env),
        string="Period",
        readonly=True,
    )
    timing = fields.Selection(
        [("past", "Past"), ("current", "Current"), ("future", "Future")],
        string="When",
        readonly=True,
        help="Current: today, by the clock of the company, lies in the period.",
    )
    level = fields.Selection(
        [
            ("company", "Company"),
            ("team", "Sales Team"),
            ("person", "Salesperson"),
            ("category", "Product Category"),
            ("region", "Country or Region"),
        ],
        readonly=True,
        help="What the target is for. One of a category or region is of that, whoever else it names; then one of a "
        "person, then one of a team.",
    )
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", string="Region", readonly=True)
    target_amount = fields.Monetary(string="Target", readonly=True, help="What is wanted: an amount, or how many.")
    actual = fields.Monetary(
        readonly=True,
        help="What was reached, with tax or without as the company counts its targets. Of a closed target, what it was "
        "when it was closed.",
    )
    gap = fields.Monetary(readonly=True, help="Target less actual: what is missing yet; below zero, what is beyond it.")
    expected = fields.Monetary(
        string="Expected End",
        readonly=True,
        help="What the period will end with at the rate of the working days that are over; of one that is over, what "
        "was reached. Before the first working day is over there is none.",
    )
    expected_target = fields.Monetary(
        string="Target with Expected End", readonly=True, help="The targets for which there is an expected end."
    )
    course = fields.Selection(
        selection=lambda self: self.env["sales.target"]._fields["course"]._description_selection(self.env),
        readonly=True,
        help="Behind: under 95 % of what was expected by now. Missed: the period is over, and the target not reached.",
    )
    attainment = fields.Float(
        string="Attainment (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="What was reached, in percent of the target. Of several targets: of all of them together.",
    )
    expected_attainment = fields.Float(
        string="Expected Attainment (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="The expected end in percent of the target.",
    )

    # === Actions === #

    def action_open_record(self):
        """Open the target of a row.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return self.target_id.get_formview_action()

    # === Query === #

    @property
    def _table_query(self) -> SQL:
        asked = self.env.context.get(ASKED)
        return (asked if isinstance(asked, Asked) else self._get_asked(Domain.TRUE)).query

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        domain = Domain(domain).optimize_full(self)
        asking = self.with_context(**{ASKED: self._get_asked(self._get_narrowed(domain))})
        return super(SalesTargetReport, asking)._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    @api.model
    def _get_narrowed(self, domain):
        """:return: which targets a domain asks for at most
        :rtype: Domain
        """
        conditions = [Domain.TRUE]
        for name, operator, value in get_conjuncts(list(domain)):
            if name in NARROWING and operator in OPERATORS:
                conditions.append(Domain(name, operator, value))
            elif name == "timing" and operator == "in":
                # Somewhere on earth it is a day earlier or later.
                first, last = (fields.Date.add(fields.Date.today(), days=days) for days in (-1, 1))
                conditions.append(Domain("date_from", "<=", last) if "future" not in value else Domain.TRUE)
                conditions.append(Domain("date_to", ">=", first) if "past" not in value else Domain.TRUE)
        return Domain.AND(conditions)

    @api.model
    def _get_asked(self, narrowed):
        """Count what was reached of targets, once for a search.

        :rtype: Asked
        """
        # sudo: which of them one sees is said by the rules of this report.
        targets = self.env["sales.target"].sudo().search(narrowed)
        days = targets._get_days()
        rows = [
            SQL(
                "(%s, %s::numeric, %s::numeric, %s)",
                target.id,
                target.actual,
                # Before the first working day there is no rate that could go on.
                target.expected_at_end if days[target].elapsed else None,
                target.course,
            )
            for target in targets
        ]
        nothing = SQL("(NULL::integer, NULL::numeric, NULL::numeric, NULL)")
        return Asked(self._select(SQL(", ").join(rows or [nothing])))

    def _select(self, reached) -> SQL:
        """
        :param SQL reached: a row for each target: its id, what was reached, what is expected, and its course
        """
        return SQL(
            """
            SELECT target.id, target.id AS target_id, target.parent_id, target.metric, target.period_kind,
                   target.date_from, target.date_to, target.company_id, company.currency_id, target.team_id,
                   target.user_id, target.categ_id, target.country_id, target.state_id,
                   CASE WHEN target.date_to < %(today)s THEN 'past'
                        WHEN target.date_from > %(today)s THEN 'future' ELSE 'current' END AS timing,
                   CASE WHEN target.categ_id IS NOT NULL THEN 'category'
                        WHEN target.country_id IS NOT NULL OR target.state_id IS NOT NULL THEN 'region'
                        WHEN target.user_id IS NOT NULL THEN 'person'
                        WHEN target.team_id IS NOT NULL THEN 'team' ELSE 'company' END AS level,
                   target.amount AS target_amount, counted.actual, target.amount - counted.actual AS gap,
                   counted.course,
                   counted.expected, CASE WHEN counted.expected IS NOT NULL THEN target.amount END AS expected_target,
                   (100.0 * counted.actual / NULLIF(target.amount, 0))::float8 AS attainment,
                   (100.0 * counted.expected / NULLIF(target.amount, 0))::float8 AS expected_attainment
              FROM sales_target target
              JOIN (VALUES %(reached)s) counted (id, actual, expected, course) ON counted.id = target.id
              JOIN res_company company ON company.id = target.company_id
              JOIN res_partner home ON home.id = company.partner_id
         LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
            """,
            reached=reached,
            today=SQL(
                "(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(home.tz, calendar.tz, 'UTC'))::date", self.env.cr.now()
            ),
        )
