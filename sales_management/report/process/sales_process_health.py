from collections.abc import Set
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

#: Days of the periods that one may look at, up to now.
PERIODS = {"month": 30, "quarter": 90, "year": 365}
#: Bars of a chart, rows of the list.
BARS = 8
ROWS = 20
LISTED_FIELDS = [
    "deal_number",
    "direction",
    "from_stage_id",
    "lead_id",
    "moved_at",
    "skipped_count",
    "to_stage_id",
    "user_id",
]
#: What the rules of who may see which moves look at: without them, to read the rows would read the moves once more.
RULED_FIELDS = ["company_id", "team_id"]


class HealthScope(NamedTuple):
    """Which moves, to-dos and deals one looks at."""

    begin: object
    end: object
    deals: Domain

    def get_span(self, name):
        """:rtype: Domain"""
        return Domain(name, ">=", self.begin) & Domain(name, "<=", self.end)

    def get_previous(self):
        """The same over the period before."""
        return self._replace(begin=self.begin - (self.end - self.begin), end=self.begin - timedelta(seconds=1))


class SalesProcessHealth(models.AbstractModel):
    """The page that shows the figures of the process against what is wanted, and where it hurts.

    Everything on it is read as whoever asks: a salesperson sees the own deals, a leader those of the teams.
    """

    _name = "sales.process.health"
    _description = "Process Health"

    # === RPC === #

    @api.model
    @api.readonly
    def get_process_health(self, period="quarter", team_id=False, user_id=False, deal_class_id=False):
        """Read the whole page, with a number of queries that does not depend on the number of records.

        Repeat orders are counted apart: each rate comes without them, and theirs beside it.

        :param str period: ``month``, ``quarter`` or ``year``: 30, 90 or 365 days up to now
        :param int | bool team_id: only deals of this team
        :param int | bool user_id: only deals of this salesperson, and to-dos that this person owes
        :param int | bool deal_class_id: only deals of this class
        :return: ``figures``, ``charts`` and ``rows``, each with the domain of its records; ``choices`` to filter by
        :rtype: dict
        :raise ValidationError: when there is no such period
        """
        if period not in tuple(PERIODS):
            raise ValidationError(
                self.env._(
                    "There is no period %(period)s. Choose one of: %(periods)s.",
                    period=period,
                    periods=", ".join(PERIODS),
                )
            )
        now = self.env.cr.now()
        deals = Domain.AND(
            Domain(name, "=", value)
            for name, value in (("team_id", team_id), ("deal_class_id", deal_class_id))
            if value
        )
        scope = HealthScope(now - timedelta(days=PERIODS[period]), now, deals)
        people = Domain("user_id", "=", user_id) if user_id else Domain.TRUE
        owing = Domain("responsible_id", "=", user_id) if user_id else Domain.TRUE
        moves, tasks = scope._replace(deals=deals & people), scope._replace(deals=deals & owing)
        skips, skip_chart = self._get_skips(moves)
        on_time, late_chart = self._get_deadlines(tasks)
        stage_charts, regressions = self._get_stages(moves)
        return {
            "period": period,
            "is_empty": self._is_empty(),
            "may_set_targets": self.env.user.has_group("sales_team.group_sale_manager"),
            "choices": self._get_choices(),
            "figures": [skips, on_time, regressions, *self._get_deals(moves)],
            "charts": [*stage_charts, skip_chart, late_chart],
            **self._get_rows(moves),
        }

    @api.model
    def set_process_targets(self, skip_rate, on_time_rate):
        """Set the wanted values of the present company.

        :param float skip_rate: percent that the skip rate is to stay under
        :param float on_time_rate: percent that the on-time rate is to be over
        :return: True
        :raise AccessError: when somebody else than a sales manager asks
        :raise ValidationError: when one of them is no percentage
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only a sales manager sets what is wanted of the process. Ask one of them."))
        if not all(type(rate) in (int, float) for rate in (skip_rate, on_time_rate)):
            raise ValidationError(self.env._("What is wanted of the process is a percentage: enter numbers."))
        # sudo: a sales manager decides this of the company, and need not be its administrator.
        self.env.company.sudo().write({"process_skip_rate_target": skip_rate, "process_on_time_target": on_time_rate})
        return True

    # === Figures === #

    def _get_skips(self, scope):
        """:return: the skip rate, and who skips
        :rtype: tuple[dict, dict]
        """
        report = self.env["sales.stage.report"]
        # Direction and origin stand beside what says it all, so that PostgreSQL knows how few are left.
        counted = scope.deals & Domain(
            [
                ("is_forward", "=", True),
                ("direction", "in", ("forward", "won")),
                ("origin", "in", ("user", "import")),
            ]
        )
        # A deal is one person's, and repeat or not: its people's figures add up to all.
        groups = report._read_group(
            scope.get_span("moved_at") & counted,
            ["is_repeat", "user_id"],
            ["skipping_deal_count:count_distinct", "forward_deal_count:count_distinct"],
        )
        previous = scope.get_previous()
        ((before,),) = report._read_group(
            previous.get_span("moved_at") & counted & Domain("is_repeat", "=", False), [], ["skip_rate:avg"]
        )
        skipped = scope.get_span("moved_at") & scope.deals & Domain([("is_skip", "=", True), ("is_repeat", "=", False)])
        figure = self._prepare_rate(report, "skip_rate", groups, before, skipped)
        figure["wanted"] = self.env.company.process_skip_rate_target
        bars = [(user, parts, whole) for is_repeat, user, parts, whole in groups if not is_repeat and parts]
        return figure, self._prepare_chart("skips_by_person", report, "user_id", bars, skipped)

    def _get_deadlines(self, scope):
        """:return: the on-time rate, and who is late
        :rtype: tuple[dict, dict]
        """
        report = self.env["sales.task.report"]
        counted = scope.deals & Domain("state", "!=", "cancelled")
        groups = report._read_group(
            scope.get_span("due_at") & counted,
            ["is_repeat", "responsible_id"],
            ["on_time_count:sum", "task_count:sum", "late_count:sum"],
        )
        previous = scope.get_previous()
        ((before,),) = report._read_group(
            previous.get_span("due_at") & counted & Domain("is_repeat", "=", False), [], ["on_time_rate:avg"]
        )
        late = scope.get_span("due_at") & scope.deals & Domain([("is_late", "=", True), ("is_repeat", "=", False)])
        figure = self._prepare_rate(report, "on_time_rate", [group[:4] for group in groups], before, late)
        figure["wanted"] = self.env.company.process_on_time_target
        bars = [(user, count, whole) for is_repeat, user, _on_time, whole, count in groups if not is_repeat and count]
        return figure, self._prepare_chart("late_by_person", report, "responsible_id", bars, late)

    def _get_stages(self, scope):
        """:return: where deals stay long and where they go back, and how many go back
        :rtype: tuple[list[dict], dict]
        """
        report = self.env["sales.stage.report"]
        domain = scope.get_span("moved_at") & scope.deals & Domain("is_repeat", "=", False)
        left = domain & Domain("from_stage_id", "!=", False)
        # The same moves as ``left``: to leave out the deals of a few classes, PostgreSQL need not join all deals.
        not_repeat = Domain("lead_id", "not in", self._search_repeat_deals())
        groups = report._read_stage_figures(
            scope.get_span("moved_at") & scope.deals & not_repeat & Domain("from_stage_id", "!=", False)
        )
        back = domain & Domain("is_regression", "=", True)
        slow = [(stage, days, most) for stage, days, most, _count in groups if days]
        bars = [(stage, count, 0) for stage, _days, _most, count in groups if count]
        figure = self._prepare_figure(report, "regression_count", sum(count for _stage, count, _most in bars), back)
        charts = [
            self._prepare_chart("days_by_stage", report, "from_stage_id", slow, left & Domain("days_in_stage", ">", 0)),
            self._prepare_chart("regressions_by_stage", report, "from_stage_id", bars, back),
        ]
        return charts, figure

    def _search_repeat_deals(self):
        """:return: the query of the deals that are repeat orders
        :rtype: Query
        """
        # sudo: which moves one may see, the report's own rules say.
        deals = self.env["crm.lead"].sudo().with_context(active_test=False)
        return deals._search([("deal_class_id.is_repeat", "=", True)])

    def _get_deals(self, scope):
        """:return: lead loss, first response and old deals
        :rtype: list[dict]
        """
        report = self.env["sales.deal.report"]
        deals = scope.deals & Domain("is_repeat", "=", False)
        created = scope.get_span("opened_on") & deals
        ((loss, lost, leads, hours),) = report._read_group(
            created, [], ["early_loss_rate:avg", "early_loss_count:sum", "lead_count:sum", "median_response_hours:avg"]
        )
        is_open = deals & Domain([("type", "=", "opportunity"), ("deal_state", "=", "open")])
        ((old_rate, old, opened),) = report._read_group(
            is_open, [], ["old_rate:avg", "old_count:sum", "open_count:sum"]
        )
        answered = created & Domain("response_hours", ">", 0)
        return [
            {
                **self._prepare_figure(report, "early_loss_rate", loss, created & Domain("is_early_loss", "=", True)),
                "part": lost or 0,
                "whole": leads or 0,
            },
            self._prepare_figure(report, "median_response_hours", hours, answered),
            {
                **self._prepare_figure(report, "old_rate", old_rate, deals & Domain("is_old", "=", True)),
                "part": old or 0,
                "whole": opened or 0,
            },
        ]

    def _get_rows(self, scope):
        """:return: the latest moves that skipped or went back
        :rtype: dict
        """
        report = self.env["sales.stage.report"]
        domain = Domain.AND(
            [
                scope.get_span("moved_at"),
                scope.deals,
                Domain([("is_repeat", "=", False), ("direction", "in", ("back", "forward", "won"))]),
                Domain("is_skip", "=", True) | Domain("is_regression", "=", True),
            ]
        )
        moves = report.search_fetch(domain, [*LISTED_FIELDS, *RULED_FIELDS], limit=ROWS)
        return {"rows": moves.read(LISTED_FIELDS), "rows_domain": self._serialize(domain)}

    # === Answers === #

    def _prepare_rate(self, report, name, groups, before, domain):
        """
        :param list[tuple] groups: whether repeat orders, whose, the part and the whole
        """
        part, whole, repeat_part, repeat_whole = 0, 0, 0, 0
        for is_repeat, _person, group_part, group_whole in groups:
            if is_repeat:
                repeat_part, repeat_whole = repeat_part + group_part, repeat_whole + group_whole
            else:
                part, whole = part + group_part, whole + group_whole
        return {
            **self._prepare_figure(report, name, 100 * part / whole if whole else False, domain),
            "previous": before,
            "part": part,
            "whole": whole,
            "repeat": 100 * repeat_part / repeat_whole if repeat_whole else False,
            "repeat_whole": repeat_whole,
        }

    def _prepare_figure(self, report, name, value, domain):
        field = report._fields[name]
        return {
            "code": name,
            "label": field._description_string(self.env),
            "help": field._description_help(self.env),
            "value": value,
            "model": report._name,
            "domain": self._serialize(domain),
        }

    def _prepare_chart(self, code, report, name, bars, domain):
        """
        :param list[tuple] bars: record, how long its bar is, and what it is compared with
        """
        bars = sorted(bars, key=lambda bar: (-bar[1], bar[0].id))[:BARS]
        return {
            "code": code,
            "model": report._name,
            "bars": [
                {
                    "label": record.display_name or False,
                    "value": value,
                    "compared": compared,
                    "domain": self._serialize(domain & Domain(name, "=", record.id)),
                }
                for record, value, compared in bars
            ],
        }

    def _serialize(self, domain):
        """:return: a domain as JSON has it, with moments as text and sets as lists
        :rtype: list
        """
        return [[*term[:2], self._serialize_value(term[2])] if isinstance(term, tuple) else term for term in domain]

    @staticmethod
    def _serialize_value(value):
        if isinstance(value, datetime):
            return fields.Datetime.to_string(value)
        return list(value) if isinstance(value, (Set, tuple)) else value

    # === Around === #

    def _is_empty(self):
        """Whether there is nothing at all to see, so that the page shows what it could look like."""
        return not any(
            self.env[model].search_count([], limit=1) for model in ("sales.stage.report", "sales.task.report")
        )

    def _get_choices(self):
        """:return: what the page may be filtered by
        :rtype: dict
        """
        teams = self.env["crm.team"].search_fetch([("active", "=", True)], ["name"])
        people = self.env["res.users"].search_fetch([("crm_team_member_ids", "!=", False)], ["name"])
        classes = self.env["sales.deal.class"].search_fetch([("is_repeat", "=", False)], ["name"])
        return {
            name: [{"id": record.id, "name": record.display_name} for record in records]
            for name, records in (("teams", teams), ("people", people), ("classes", classes))
        }
