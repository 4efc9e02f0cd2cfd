from datetime import timedelta

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.sales_management.tools.day import get_day, get_span

#: Rows that a section shows: of what is late or due, of the rest, so that one need not scroll past it, and of all.
ROWS, FEW_ROWS, ALL_ROWS = 20, 5, 500
#: Sections that come with a row per thing; what else the day holds is in their order.
LATE, DUE, QUIET, QUOTES, UNTOUCHED = 10, 20, 30, 40, 50


class SalesToday(models.AbstractModel):
    """What a salesperson has to do today, in one answer: the screen *Today* asks nothing else.

    A section is a dictionary of ``code``, ``sequence``, ``title``, ``headline`` (its count in words), ``count``,
    ``tone`` (``danger``, ``warning``, ``info`` or ``muted``) and ``rows``. A row has a ``key`` that is unique on the
    screen, ``title``, ``deal`` (see :meth:`_prepare_deal`) or none, ``when`` in words, ``moment`` (the exact time, or
    none), ``tone``, and ``actions``, by which it is finished: see the methods ``_prepare_*_action``.
    """

    _name = "sales.today"
    _description = "Today"

    # === RPC === #

    @api.model
    @api.readonly
    def get_today(self, show_all=False):
        """What this user has to do, and of a leader's people, who does.

        :param bool show_all: without it, a section shows its first rows only
        :return: ``date``, ``sections`` without empty ones, ``team`` (none for who leads nobody), ``empty``
        :rtype: dict
        """
        today = self._for_user(show_all)
        sections = [section for section in today._get_today_sections() if section["count"]]
        sections.sort(key=lambda section: section["sequence"])
        team = today._get_team_summary()
        return {
            "date": today._format_day(today._get_day().date),
            "sections": sections,
            "team": team,
            "empty": False if sections else today._get_empty_state(bool(team)),
        }

    # === Hooks === #

    @api.model
    def _get_today_sections(self):
        """Sections of the screen, empty ones included. To override: add yours to ``super()``'s, in a number of queries
        that does not grow with what there is.

        :rtype: list[dict]
        """
        return []

    @api.model
    def _get_team_summary(self):
        """:return: what the people of a leader have to do, none for who leads nobody
        :rtype: dict | bool
        """
        return False

    @api.model
    def _get_empty_state(self, is_leader):
        """What stands on the screen when nothing waits: what that means, and what one could do next."""
        if is_leader:
            return {
                "icon": "fa-check-circle-o text-success",
                "title": self.env._("Nothing is waiting for you"),
                "text": self.env._(
                    "Below stands what your people have to do. A good next step: the oldest thing late."
                ),
            }
        if self.env["crm.lead"].search_count(self._get_own_deal_domain(), limit=1):
            return {
                "icon": "fa-check-circle-o text-success",
                "title": self.env._("Nothing is waiting for you"),
                "text": self.env._(
                    "That is a good day: every promise is kept, and each of your deals has a next step. Time for a "
                    "customer whom you have not heard from for a while, or for the deal that is closest to an order."
                ),
            }
        return {
            "icon": "fa-handshake-o text-muted",
            "title": self.env._("You have no open deals"),
            "text": self.env._(
                "Here stands each day what is late, what is due, and which deals need you. Begin with a deal: add one "
                "in the pipeline, or ask for leads that nobody looks after."
            ),
        }

    # === Rows === #

    @api.model
    def _prepare_section(self, code, sequence, title, headline, count, rows, tone="muted"):
        return {
            "code": code,
            "sequence": sequence,
            "title": title,
            "headline": headline,
            "count": count,
            "tone": tone,
            "rows": rows,
        }

    @api.model
    def _prepare_row(self, kind, record, title, lead, when="", tone="muted", moment=False, actions=()):
        return {
            "key": f"{kind}-{record.id}",
            "kind": kind,
            "model": record._name,
            "id": record.id,
            "title": title,
            "deal": self._prepare_deal(lead),
            "when": when,
            "moment": moment,
            "tone": tone,
            "actions": list(actions),
        }

    @api.model
    def _prepare_deal(self, lead):
        """:return: what a row says of its deal; none when it has none"""
        if not lead:
            return False
        partner = lead.partner_id.sudo()  # sudo: who may see a deal may see the name and number of its customer
        return {
            "id": lead.id,
            "number": lead.deal_number or "",
            "name": lead.name,
            "customer": partner.commercial_company_name or partner.name or lead.partner_name or "",
            "contact": lead.contact_name or partner.name or "",
            "phone": lead.phone or partner.phone or "",
        }

    @api.model
    def _prepare_method_action(self, code, label, records, method, **arguments):
        """An action that calls a method; what is shown afterwards is asked anew, or is the action that it returns."""
        return {
            "code": code,
            "label": label,
            "type": "method",
            "model": records._name,
            "ids": records.ids,
            "method": method,
            "arguments": arguments,
        }

    @api.model
    def _prepare_call_action(self):
        """An action that shows the telephone number of the deal and takes what was said."""
        return {"code": "call", "label": self.env._("Call"), "type": "call"}

    @api.model
    def _prepare_plan_action(self, record):
        """An action that schedules an activity."""
        return {
            "code": "plan",
            "label": self.env._("Plan"),
            "type": "plan",
            "model": record._name,
            "id": record.id,
        }

    @api.model
    def _prepare_move_actions(self, lead):
        """:return: the action that moves a deal on, none for one that is not open"""
        if lead.type != "opportunity" or lead.won_status != "pending":
            return []
        return [self._prepare_method_action("move_on", self.env._("Move On"), lead, "action_open_stage_change")]

    # === Searching === #

    @api.model
    def _search_counted(self, model, domain, order, rows=ROWS):
        """:return: the first records, and how many there are"""
        limit = self._get_row_limit(rows)
        records = self.env[model].search(domain, order=order, limit=limit)
        is_all = len(records) < limit
        return records, len(records) if is_all else self.env[model].search_count(domain)

    @api.model
    def _get_row_limit(self, rows=ROWS):
        return ALL_ROWS if self.env.context.get("sales_today_all") else rows

    @api.model
    def _get_own_deal_domain(self):
        leads = self.env["crm.lead"]
        return leads._get_open_deal_domain() & leads._get_process_domain() & fields.Domain("user_id", "=", self.env.uid)

    # === Time === #

    @api.model
    def _for_user(self, show_all=False):
        """This model in the language and the zone of its user, whatever the caller's context says of them."""
        user = self.env.user
        return self.with_context(
            lang=user.lang or self.env.lang, tz=user.tz or self.env.context.get("tz"), sales_today_all=show_all
        )

    @api.model
    def _get_day(self, date=None):
        return get_day(date or fields.Date.context_today(self), self.env.tz)

    @api.model
    def _get_horizon(self):
        """A to-do is shown as due from a day before: what is due on Saturday is seen on Friday."""
        return fields.Datetime.now() + timedelta(days=1)

    @api.model
    def _describe_moment(self, moment):
        """:return: how far a deadline is away or past, in words"""
        seconds = (moment - fields.Datetime.now()).total_seconds()
        count, unit = get_span(seconds)
        if seconds < 0:
            texts = {
                "minute": self.env._("%(count)s min late", count=count),
                "hour": self.env._("%(count)s h late", count=count),
                "day": self.env._("%(count)s d late", count=count),
            }
        else:
            texts = {
                "minute": self.env._("in %(count)s min", count=count),
                "hour": self.env._("in %(count)s h", count=count),
                "day": self.env._("in %(count)s d", count=count),
            }
        return texts[unit]

    @api.model
    def _format_day(self, date, skeleton="MMMEd"):
        """A date in words, in the order that the language of the user puts them."""
        return format_skeleton(skeleton, date, locale=babel_locale_parse(get_lang(self.env).code))

    @api.model
    def _describe_date(self, date):
        """:return: how far a date is away or past, in words"""
        days = (date - self._get_day().date).days
        if days < 0:
            return self.env._("%(count)s d late", count=-days)
        if days == 0:
            return self.env._("today")
        return self.env._("tomorrow") if days == 1 else self.env._("in %(count)s d", count=days)
