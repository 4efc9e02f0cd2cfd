from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_management.const import METRICS
from odoo.addons.sales_management.tools.book_writer import Chart, Column

from .sales_workbook_source import Cell, Source

#: Model whose rows a sheet shows, and the switch that it stands behind.
SHEETS = {
    "deals": ("crm.lead", None),
    "quotations": ("sale.order", None),
    "moves": ("sales.stage.report", "sales_process_enabled"),
    "process": ("sales.stage.report", "sales_process_enabled"),
    "targets": ("sales.target", "sales_target_enabled"),
}


class SalesWorkbookSource(models.AbstractModel):
    """Sheets of the process: deals, quotations, moves of stages, rates, and targets."""

    _inherit = "sales.workbook.source"

    @api.model
    def _is_open(self, code, company):
        if code not in SHEETS:
            return super()._is_open(code, company)
        model, switch = SHEETS[code]
        # sudo: what a company uses is no secret.
        return (not switch or company.sudo()[switch]) and self.env[model].has_access("read")

    # === Lines === #

    @api.model
    def _prepare_deals(self, book):
        """Deals that began or were closed in the period."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        began = self._get_moments(book, "deal_opened_on") | (
            Domain("deal_opened_on", "=", False) & self._get_moments(book, "create_date")
        )
        scope = self._get_scope(book).map_conditions(
            lambda condition: (
                Domain("company_id", "in", [book.company_id.id, False])
                if condition.field_expr == "company_id"
                else condition
            )
        )
        query = leads._search(
            Domain("type", "=", "opportunity") & scope & (began | self._get_moments(book, "date_closed"))
        )
        opened, created, probability = (
            leads._field_to_sql(leads._table, name, query) for name in ("deal_opened_on", "create_date", "probability")
        )
        cells = [
            Cell(Column(self.env._("Created On"), "moment"), SQL("COALESCE(%s, %s)", opened, created)),
            self._cell(leads, query, "deal_number", self.env._("Deal Number")),
            self._cell(leads, query, "name", self.env._("Deal")),
            self._cell(leads, query, "partner_id", self.env._("Customer")),
            self._cell(leads, query, "team_id", self.env._("Sales Team")),
            self._cell(leads, query, "user_id", self.env._("Salesperson")),
            self._cell(leads, query, "stage_id", self.env._("Stage")),
            self._cell(leads, query, "won_status", self.env._("Status")),
            self._cell(leads, query, "date_closed", self.env._("Closed On"), "moment"),
            self._cell(
                leads,
                query,
                "expected_revenue",
                self._money(book, self.env._("Expected Revenue"), False),
                "amount",
                has_total=True,
            ),
            Cell(Column(self.env._("Probability"), "percent"), SQL("%s / 100.0", probability)),
            self._cell(leads, query, "lost_reason_id", self.env._("Lost Reason")),
        ]
        return Source(query, cells, "1, 2, 3", None, self.env._("Deals that began or were closed"))

    @api.model
    def _prepare_quotations(self, book):
        """Quotations and orders by their date, the valid revision of each, at their own rate."""
        orders = self.env["sale.order"]
        query = orders._search(
            self._get_scope(book) & self._get_moments(book, "date_order") & Domain("is_current_revision", "=", True)
        )
        rate = orders._field_to_sql(orders._table, "currency_rate", query)
        amounts = [
            Cell(
                Column(self._money(book, self.env._("Amount"), is_taxed), "amount", True),
                SQL(
                    "%s / COALESCE(NULLIF(%s, 0), 1)::numeric",
                    orders._field_to_sql(orders._table, name, query),
                    rate,
                ),
            )
            for name, is_taxed in (("amount_untaxed", False), ("amount_total", True))
        ]
        cells = [
            self._cell(orders, query, "date_order", self.env._("Date"), "moment"),
            self._cell(orders, query, "name", self.env._("Number")),
            self._cell(orders, query, "partner_id", self.env._("Customer")),
            self._cell(orders, query, "team_id", self.env._("Sales Team")),
            self._cell(orders, query, "user_id", self.env._("Salesperson")),
            self._cell(orders, query, "opportunity_id", self.env._("Deal")),
            self._cell(orders, query, "state", self.env._("Status")),
            self._cell(orders, query, "validity_date", self.env._("Valid Until"), "day"),
            self._cell(orders, query, "currency_id", self.env._("Currency of the Quotation")),
            *amounts,
        ]
        note = self.env._("Quotations and orders by their date, the valid revision of each")
        return Source(query, cells, "1, 2", None, note)

    @api.model
    def _prepare_moves(self, book):
        """Moves of stages in the period, and what they passed over."""
        moves = self.env["sales.stage.report"]
        query = moves._search(self._get_scope(book) & self._get_moments(book, "moved_at"))
        answers = {True: self.env._("Yes")}
        cells = [
            self._cell(moves, query, "moved_at", self.env._("Moved On"), "moment"),
            self._cell(moves, query, "deal_number", self.env._("Deal Number")),
            self._cell(moves, query, "lead_id", self.env._("Deal")),
            self._cell(moves, query, "team_id", self.env._("Sales Team")),
            self._cell(moves, query, "user_id", self.env._("Salesperson")),
            self._cell(moves, query, "moved_by_id", self.env._("Moved By")),
            self._cell(moves, query, "from_stage_id", self.env._("From")),
            self._cell(moves, query, "to_stage_id", self.env._("To")),
            self._cell(moves, query, "direction", self.env._("Direction")),
            self._cell(moves, query, "is_skip", self.env._("Skipped Stages"))._replace(names=answers),
            self._cell(moves, query, "is_regression", self.env._("Regression"))._replace(names=answers),
            self._cell(moves, query, "skipped_count", self.env._("Stages Passed Over"), "count", has_total=True),
            self._cell(moves, query, "days_in_stage", self.env._("Days in Stage"), "number"),
            self._cell(moves, query, "reason", self.env._("Reason")),
        ]
        return Source(query, cells, "1, 2, 3", None, self.env._("Moves of stages"))

    # === Figures === #

    @api.model
    def _prepare_process(self, book):
        """Rates of the process by salesperson: each from the report that shows it."""
        service, metrics = self.env["sales.indicator"], dict(METRICS)
        indicators = {
            code: indicator
            for code, indicator in service._get_indicators().items()
            if code not in metrics and self.env[indicator.model].has_access("read")
        }
        scope = [("team_id", "in", book.team_ids.ids)] if book.team_ids else []
        values = service._get_values(list(indicators), book.company_id, book.date_from, book.date_to, "user_id", scope)
        users = {user for by_user in values.values() for user in by_user}
        names = self._get_names("res.users", users, {})
        kinds = {"percent": "percent", "count": "count"}
        cells = [Cell(Column(self.env._("Salesperson"), "text"), None)]
        cells += [
            Cell(Column(self._get_indicator_title(indicator), kinds.get(indicator.unit, "number")), None)
            for indicator in indicators.values()
        ]
        rows = [
            [
                names.get(user) or self.env._("Nobody"),
                *(self._get_share(indicators[code], values[code].get(user)) for code in indicators),
            ]
            for user in sorted(users, key=lambda user: (user is None or not user, names.get(user) or ""))
        ]
        position = {code: number for number, code in enumerate(indicators, 1)}
        shown = tuple(position[code] for code in ("on_time_rate", "skip_rate", "win_rate") if code in position)
        chart = Chart("column", self.env._("Win Rate, Key Actions on Time and Skipped Stages"), 0, shown)
        return Source(None, cells, chart=chart if shown else None, note=self.env._("Rates of the process"), rows=rows)

    @api.model
    def _get_indicator_title(self, indicator):
        units = {"days": self.env._("days"), "hours": self.env._("hours")}
        if indicator.unit not in units:
            return indicator.label
        return self.env._("%(figure)s (%(unit)s)", figure=indicator.label, unit=units[indicator.unit])

    @api.model
    def _get_share(self, indicator, value):
        return value / 100 if value is not None and indicator.unit == "percent" else value

    @api.model
    def _prepare_targets(self, book):
        """Targets whose period touches that of the workbook."""
        targets = self.env["sales.target"].search(
            self._get_scope(book) & Domain("date_from", "<=", book.date_to) & Domain("date_to", ">=", book.date_from)
        )
        target, reached = self.env._("Target"), self.env._("Reached")
        cells = [
            Cell(Column(self.env._("Target of"), "text"), None),
            Cell(Column(self.env._("Metric"), "text"), None),
            Cell(Column(self.env._("From"), "day"), None),
            Cell(Column(self.env._("To"), "day"), None),
            Cell(Column(self.env._("Sales Team"), "text"), None),
            Cell(Column(self.env._("Salesperson"), "text"), None),
            Cell(Column(self._money(book, self.env._("%(figure)s or Count", figure=target)), "number"), None),
            Cell(Column(self._money(book, self.env._("%(figure)s or Count", figure=reached)), "number"), None),
            Cell(Column(self.env._("Attainment"), "percent", formula='=IF({6}=0,"",{7}/{6})'), None),
            Cell(Column(self._money(book, self.env._("Gap")), "number", formula="={6}-{7}"), None),
        ]
        labels = dict(targets._fields["metric"]._description_selection(self.env))
        rows = [
            [
                one.display_name,
                labels[one.metric],
                one.date_from,
                one.date_to,
                one.team_id.sudo().display_name,  # sudo: the target that one may read says whose it is
                one.user_id.sudo().name,
                one.amount,
                one.actual,
                one.actual / one.amount if one.amount else None,
                one.amount - one.actual,
            ]
            for one in targets
        ]
        chart = Chart("bar", self.env._("Targets"), 0, (6, 7))
        return Source(
            None, cells, chart=chart, note=self.env._("Targets of the period and what was reached"), rows=rows
        )
