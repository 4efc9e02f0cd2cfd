from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sales_management.const import METRICS, MONEY_METRICS
from odoo.addons.sales_management.tools.sales_period import get_period

from .sales_review_page import SHOWN

#: Targets that the page shows.
TARGETS = 30
#: Rates of the week, and the switch that each stands behind.
RATES = {"win_rate": None, "on_time_rate": "sales_process_enabled", "skip_rate": "sales_process_enabled"}


class SalesReview(models.Model):
    """The figures of a week beside those of the week before, the gaps to the targets, and who is late."""

    _inherit = "sales.review"

    def _get_sections(self):
        return [self._get_target_section(), *super()._get_sections(), self._get_overdue_section()]

    # === Figures === #

    def _get_figures(self):
        """The figures of the week and of the one before.

        :return: with label, value, former value, and whether it is ``better``, ``worse`` or neither
        :rtype: list[dict]
        """
        week = get_period("week", self.date_from)
        return self._get_result_figures(week) + self._get_rate_figures(week)

    def _get_result_figures(self, week):
        now, former = self._read_results(week), self._read_results(week.previous())
        figures = []
        for metric, label in self.env["sales.result"]._fields["metric"]._description_selection(self.env):
            value, before = now.get(metric, 0), former.get(metric, 0)
            if metric in MONEY_METRICS:
                tax = self.env._("excl. tax") if metric == "margin" else self.company_id._get_amount_tax_label()
                label = self.env._("%(figure)s (%(tax)s)", figure=label, tax=tax)
                texts = [self.company_id.currency_id.format(amount) for amount in (value, before)]
            else:
                texts = [f"{count:.10g}" for count in (value, before)]
            figures.append(self._prepare_figure(label, *texts, value - before))
        return figures

    def _read_results(self, week):
        """:return: what was reached in a week, by metric"""
        domain = (
            Domain("metric", "in", list(dict(METRICS)))
            & Domain("date", ">=", week.start)
            & Domain("date", "<=", week.end)
            & self._get_report_domain()
        )
        return dict(self.env["sales.result"]._read_group(domain, ["metric"], ["amount:sum"]))

    def _get_rate_figures(self, week):
        service, company = self.env["sales.indicator"], self.company_id.sudo()  # sudo: what a company uses is no secret
        indicators = service._get_indicators()
        codes = [
            code
            for code, switch in RATES.items()
            if (not switch or company[switch]) and self.env[indicators[code].model].has_access("read")
        ]
        domain = self._get_team_domain()
        now, former = (
            service._get_values(codes, self.company_id, period.start, period.end, domain=domain)
            for period in (week, week.previous())
        )
        figures = []
        for code in codes:
            value, before = now[code].get(None), former[code].get(None)
            texts = ["–" if rate is None else f"{rate:.1f} %" for rate in (value, before)]
            gain = 0 if value is None or before is None else value - before
            sign = 1 if indicators[code].is_higher_better else -1
            figures.append(self._prepare_figure(indicators[code].label, *texts, gain * sign))
        return figures

    @api.model
    def _prepare_figure(self, label, value, former, gain):
        tone = "better" if gain > 0 else "worse" if gain < 0 else ""
        return {"label": label, "value": value, "former": former, "tone": tone}

    # === Targets === #

    def _get_target_section(self):
        """Targets of the teams and their members whose period is running, or was at the end of the week."""
        if not self.company_id.sudo().sales_target_enabled:  # sudo: what a company uses is no secret.
            return None
        day = min(self.date_to, max(self.date_from, self.company_id._get_sales_today()))
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date_from", "<=", day)
            & Domain("date_to", ">=", day)
            & Domain([("categ_id", "=", False), ("country_id", "=", False), ("state_id", "=", False)])
            & self._get_target_scope()
        )
        targets = self.env["sales.target"].search(domain)
        # Whoever is a part of the other comes below it, and what ends sooner is more urgent.
        targets = targets.sorted(lambda one: (bool(one.user_id), bool(one.team_id), one.date_to, one.id))
        rows = [self._prepare_target_row(target) for target in targets[:TARGETS]]
        return self._prepare_section(
            self.env._("Gap to the Target"),
            self.env._("What was reached of the targets that run in this week, until now, and what is missing."),
            len(targets),
            rows,
            empty=self.env._("No target runs in this week. Set one under Targets."),
        )

    def _get_target_scope(self):
        if not self.team_ids:
            return Domain("user_id", "=", False)
        # sudo: who belongs to a team that one leads
        members = self.team_ids.sudo().crm_team_member_ids.user_id
        of_members = Domain("team_id", "=", False) & Domain("user_id", "in", members.ids)
        return Domain("team_id", "in", self.team_ids.ids) | of_members

    def _prepare_target_row(self, target):
        is_money = target.metric in MONEY_METRICS
        say = self.company_id.currency_id.format if is_money else lambda count: f"{count:.10g}"
        stand = self.env._("%(reached)s of %(target)s", reached=say(target.actual), target=say(target.amount))
        if target.amount_note:
            stand = self.env._("%(amount)s %(tax)s", amount=stand, tax=target.amount_note)
        course = dict(target._fields["course"]._description_selection(self.env)).get(target.course, "")
        amount = self.env._("%(percent)s %%", percent=f"{target.attainment:.1f}") if target.amount else "–"
        if target.gap > 0:
            mark = self.env._("%(gap)s missing · %(course)s", gap=say(target.gap), course=course)
        else:
            mark = course
        tones = {"behind": "danger", "missed": "danger", "reached": "success"}
        until = self.env._("until %(day)s", day=format_date(self.env, target.date_to))
        return self._prepare_row(
            target, target.display_name, [stand, until], amount, mark, tones.get(target.course, "muted")
        )

    # === Overdue === #

    def _get_overdue_section(self):
        """To-dos and activities of the teams' deals that are late, the latest first, with how many each person has."""
        found, by_user = [], {}
        for model, date, user, domain in self._get_overdue_domains():
            records = self.env[model]
            for person, count in records._read_group(domain, [user], ["__count"]):
                by_user[person] = by_user.get(person, 0) + count
            found += [
                (self._get_moment(record[date]), record)
                for record in records.search(domain, limit=SHOWN, order=f"{date}, id")
            ]
        now = fields.Datetime.now()
        found = sorted(found, key=lambda item: item[0])[:SHOWN]
        leads = self.env["crm.lead"].browse(
            record.res_id if record._name == "mail.activity" else record.lead_id.id for _moment, record in found
        )
        rows = [
            self._prepare_overdue_row(record, lead, (now - moment).days)
            for (moment, record), lead in zip(found, leads, strict=True)
        ]
        people = sorted(by_user.items(), key=lambda item: (-item[1], item[0].sudo().name or ""))
        note = " · ".join(
            self.env._(
                "%(person)s: %(count)s",
                person=person.sudo().name or self.env._("Nobody"),  # sudo: the name of whoever is late
                count=count,
            )
            for person, count in people
        )
        return self._prepare_section(
            self.env._("Overdue Actions"),
            note or self.env._("To-dos and activities of deals that were to be done by now."),
            sum(by_user.values()),
            rows,
        )

    def _get_overdue_domains(self):
        """:return: models, with the fields that say when and who, and what is late in them"""
        leads = self.env["crm.lead"]._search(self._get_lead_domain() & Domain("won_status", "=", "pending"))
        # sudo: an activity is a mirror, whoever may see what it mirrors
        tasks = self.env["sales.deal.task"].sudo()._search([("activity_id", "!=", False)])
        activities = (
            Domain("res_model", "=", "crm.lead")
            & Domain("res_id", "in", leads)
            & Domain("date_deadline", "<", self.company_id._get_sales_today())
            & Domain("id", "not in", tasks.subselect("activity_id"))
        )
        domains = [("mail.activity", "date_deadline", "user_id", activities)]
        if self.company_id.sudo().sales_process_enabled:  # sudo: what a company uses is no secret.
            late = (
                Domain("state", "=", "open")
                & Domain("due_at", "<", fields.Datetime.now())
                & Domain("lead_id", "in", leads)
            )
            domains.append(("sales.deal.task", "due_at", "user_id", late))
        return domains

    @api.model
    def _get_moment(self, value):
        """A day is over when the next one begins."""
        is_day = not hasattr(value, "hour")
        return fields.Datetime.to_datetime(value) + timedelta(days=1) if is_day else value

    def _prepare_overdue_row(self, record, lead, days):
        if record._name == "mail.activity":
            name = record.summary or record.activity_type_id.name or self.env._("Activity")
        else:
            name = record.name
        person = record.user_id.sudo().name  # sudo: the name of whoever is to do it
        return self._prepare_row(lead, name, [lead.name, person], mark=self._say_late(days), tone="danger")
