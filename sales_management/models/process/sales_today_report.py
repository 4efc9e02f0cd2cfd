import textwrap
from collections import defaultdict
from datetime import timedelta

from lxml.html import fragment_fromstring

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .crm_lead_contact import WRITTEN

#: Things of one kind that the report names of a person; a longer one is read by nobody in a chat.
LINES = 40
#: Length of what is quoted of a message.
QUOTE = 100
#: Years that a report may be asked of.
YEARS = (1900, 2999)
#: Days ahead whose plans the report tells.
PLAN_DAYS = 7


class SalesToday(models.AbstractModel):
    """The daily report: what was recorded in a day, as text that one copies into a chat."""

    _inherit = "sales.today"

    # === RPC === #

    @api.model
    @api.readonly
    def get_daily_report(self, date=None, team=False):
        """The contacts, moves, done to-dos and plans of a day, written out in the language and the zone of the user.

        :param str | None date: such as ``2026-11-23``; none for today
        :param bool team: of all people whom this user leads, person by person, and not of the user alone
        :return: ``date``, ``title``, ``text``, and ``is_leader``: whether there is a report of a team
        :rtype: dict
        :raise UserError: when the date is none, or a team is asked for by who leads nobody
        """
        report = self._for_user()
        day = report._get_day(report._parse_date(date))
        led = report._get_led_people()
        if team and led is None:
            raise UserError(self.env._("You head no sales team. Ask for your own report, without a team."))
        people = report._get_reported_people(led) if team else self.env.user
        title = self.env._("Daily report")
        lines = [f"{title} · {report._format_day(day.date, 'yMMMEd')}"]
        if not team:
            lines[0] += f" · {self.env.user.name}"
        lines += report._write_people(people, day, named=team)
        return {
            "date": fields.Date.to_string(day.date),
            "title": title,
            "text": "\n".join(lines),
            "is_leader": led is not None,
        }

    # === Hooks === #

    @api.model
    def _get_report_sections(self, people, day):
        """What the report tells. To override: add yours to ``super()``'s, in a number of queries that does not grow.

        :param res.users people: those who are reported of
        :param Day day: the day, with the moments at which it begins and is over
        :return: title, and lines by the id of the user
        :rtype: list[tuple[str, dict[int, list[str]]]]
        """
        return [
            (self.env._("Customer Contacts"), self._get_contact_lines(people, day)),
            (self.env._("Stage Moves"), self._get_move_lines(people, day)),
            (self.env._("Done"), self._get_done_lines(people, day)),
            (self.env._("Planned"), self._get_plan_lines(people, day)),
        ]

    # === Lines === #

    @api.model
    def _get_contact_lines(self, people, day):
        users = {user.partner_id.id: user.id for user in people.sudo()}  # sudo: colleagues of the reader
        lines = defaultdict(list)
        messages = self.env["mail.message"].search(self._get_contact_domain(list(users), day), order="date, id")
        threads = {
            model: self.env[model].browse(messages.filtered(lambda m, model=model: m.model == model).mapped("res_id"))
            for model in ("crm.lead", "sale.order")
        }
        readable = {
            (model, record.id): record
            for model, records in threads.items()
            for record in records.exists()._filtered_access("read")
        }
        for message in messages:
            if record := readable.get((message.model, message.res_id)):
                lines[users[message.author_id.id]].append(self._format_contact(record, message))
        events = self.env["calendar.event"].search(
            Domain("opportunity_id", "!=", False)
            & Domain("user_id", "in", people.ids)
            & Domain("stop", ">=", day.start)
            & Domain("stop", "<", min(day.end, fields.Datetime.now())),
            order="stop, id",
        )
        for event in events:
            label = self._format_deal(event.opportunity_id)
            lines[event.user_id.id].append(f"{label}: {self.env._('Meeting')} · {event.name}")
        return lines

    @api.model
    def _get_contact_domain(self, author_ids, day):
        """Messages that ``crm.lead`` notes as contacts with the customer."""
        own_types = list(self.env["crm.lead"]._get_own_activity_type_ids())
        to_customer = Domain("partner_ids.partner_share", "=", True) | Domain(
            "notification_ids.res_partner_id.partner_share", "=", True
        )
        return (
            Domain("model", "in", ("crm.lead", "sale.order"))
            & Domain("author_id", "in", author_ids)
            & Domain("date", ">=", day.start)
            & Domain("date", "<", day.end)
            & (
                (Domain("mail_activity_type_id", "!=", False) & Domain("mail_activity_type_id", "not in", own_types))
                | Domain("message_type", "=", "sms")
                | (
                    Domain("mail_activity_type_id", "=", False)
                    & Domain("message_type", "in", tuple(WRITTEN))
                    & Domain("subtype_id.internal", "=", False)
                    & to_customer
                )
            )
        )

    @api.model
    def _get_move_lines(self, people, day):
        moves = self.env["sales.stage.move"].search(
            Domain("user_id", "in", people.ids)
            & Domain("moved_at", ">=", day.start)
            & Domain("moved_at", "<", day.end)
            & Domain("origin", "=", "user"),
            order="moved_at, id",
        )
        labels = dict(moves._fields["direction"]._description_selection(self.env))
        lines = defaultdict(list)
        for move in moves:
            change = labels[move.direction]
            if move.from_stage_label != move.to_stage_label:
                change = " → ".join(filter(None, (move.from_stage_label, move.to_stage_label)))
            if move.direction == "back":
                change = f"{change} ({labels['back']})"
            lines[move.user_id.id].append(f"{self._format_deal(move.lead_id)}: {change}")
        return lines

    @api.model
    def _get_done_lines(self, people, day):
        tasks = self.env["sales.deal.task"].search(
            Domain("done_by_id", "in", people.ids)
            & Domain("state", "=", "done")
            & Domain("done_at", ">=", day.start)
            & Domain("done_at", "<", day.end),
            order="done_at, id",
        )
        lines = defaultdict(list)
        for task in tasks:
            when = self.env._("on time") if task.is_on_time else self.env._("late")
            lines[task.done_by_id.id].append(f"{self._format_deal(task.lead_id)}: {task._get_label()} ({when})")
        return lines

    @api.model
    def _get_plan_lines(self, people, day):
        own, last = Domain("user_id", "in", people.ids), day.date + timedelta(days=PLAN_DAYS)
        tasks = self.env["sales.deal.task"].search(
            self._get_open_task_domain()
            & own
            & Domain("due_at", ">=", day.end)
            & Domain("due_at", "<", self._get_day(last).end)
        )
        activities = self.env["mail.activity"].search(
            self._get_deal_activity_domain()
            & own
            & Domain("date_deadline", ">", day.date)
            & Domain("date_deadline", "<=", last)
        )
        deals = self.env["crm.lead"].search(
            self.env["crm.lead"]._get_open_deal_domain()
            & own
            & Domain("deal_next_step_date", ">", day.date)
            & Domain("deal_next_step_date", "<=", last)
        )
        leads = self.env["crm.lead"].browse(activities.mapped("res_id"))
        plans = [
            (fields.Datetime.context_timestamp(self, task.due_at).date(), task.user_id, task.lead_id, task._get_label())
            for task in tasks
        ]
        plans += [
            (activity.date_deadline, activity.user_id, lead, activity.summary or activity.activity_type_id.name or "")
            for activity, lead in zip(activities, leads, strict=True)
        ]
        plans += [(lead.deal_next_step_date, lead.user_id, lead, lead.deal_next_step or "") for lead in deals]
        lines = defaultdict(list)
        for date, user, lead, name in sorted(plans, key=lambda plan: (plan[0], plan[2].id)):
            date = self._format_day(date)
            lines[user.id].append(f"{date} · {self._format_deal(lead)}: {name}")
        return lines

    # === Writing === #

    @api.model
    def _write_people(self, people, day, named):
        sections = self._get_report_sections(people, day)
        lines, silent = [], []
        for user in people.sudo().sorted("name"):  # sudo: colleagues of the reader
            told = [(title, by_user[user.id]) for title, by_user in sections if by_user.get(user.id)]
            if named and not told:
                silent.append(user.name)
                continue
            lines += ["", f"【{user.name}】"] if named else []
            if not told:
                lines += ["", self.env._("Nothing was recorded on this day.")]
            for title, found in told:
                lines += ["", f"{title} ({len(found)})", *(f"- {line}" for line in found[:LINES])]
                if len(found) > LINES:
                    lines.append(self.env._("… and %(count)s more", count=len(found) - LINES))
        if silent:
            lines += ["", self.env._("Nothing recorded: %(people)s", people=", ".join(silent))]
        return lines

    @api.model
    def _format_contact(self, record, message):
        lead = record if record._name == "crm.lead" else record.opportunity_id
        label = self._format_deal(lead) if lead else record.name
        if message.mail_activity_type_id:
            kind, text = message.mail_activity_type_id.name, self._get_feedback(message)
        else:
            kind, text = self.env._("Message"), message.preview or ""
        return f"{label}: {kind} · {textwrap.shorten(text, QUOTE, placeholder='…')}".removesuffix(" · ")

    @api.model
    def _get_feedback(self, message):
        """:return: what was written when an activity was done, without the title that core puts above it"""
        body = fragment_fromstring(message.body or "", create_parent="div")
        return " ".join(body.xpath(".//div[div[contains(@class, 'fw-bold')]]/text()"))

    @api.model
    def _format_deal(self, lead):
        deal = self._prepare_deal(lead)
        return " ".join(filter(None, (deal["number"], deal["customer"] or deal["name"]))) if deal else ""

    @api.model
    def _parse_date(self, date):
        try:
            day = fields.Date.to_date(date)
            # The days around it are read as well.
            if day and not YEARS[0] <= day.year <= YEARS[1]:
                raise ValueError(date)
            return day
        except (TypeError, ValueError):
            message = self.env._("%(date)s is no date. Write it as in 2026-11-23.", date=date)
            raise UserError(message) from None

    @api.model
    def _get_reported_people(self, led):
        # sudo: which colleagues sell is no secret to their manager.
        users = self.env["res.users"].sudo()
        if led:
            return users.browse(led)
        salesman = self.env.ref("sales_team.group_sale_salesman")
        return users.search([("all_group_ids", "in", salesman.ids), ("share", "=", False)])
