from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from odoo import api, models


class SetupStep(NamedTuple):
    """A row of the *Setup* page: what it does, in a line."""

    code: str
    sequence: int
    name: str
    description: str


class SetupState(NamedTuple):
    """How far a step is in the company at hand, and what its one button does.

    The action is a function without arguments that returns one, called when the button is clicked.
    """

    level: str
    text: str
    button: str
    action: Callable[[], dict]


class SalesSetup(models.AbstractModel):
    """What the *Setup* page leads through: at most eight steps, each owned by a capability."""

    _name = "sales.setup"
    _description = "Setup"

    @api.model
    def _get_setup_steps(self):
        """Rows of the page. To override: add yours, and a method ``_get_<code>_setup_state`` that answers for it.

        Sequences tell the rows apart, so that no two may share one.

        :rtype: list[SetupStep]
        """
        return [
            SetupStep(
                "calendar",
                30,
                self.env._("Calendar of the Year"),
                self.env._("Holidays, and the weekends that make up for them, so that deadlines fall on days of work."),
            ),
            SetupStep(
                "channels",
                70,
                self.env._("Notices"),
                self.env._("Groups of WeCom, DingTalk and Feishu that hear of what is due and late."),
            ),
        ]

    @api.model
    def _get_setup_state(self, code):
        """How far a step is in the company at hand.

        :param str code: code of the step
        :rtype: SetupState
        """
        return getattr(self, f"_get_{code}_setup_state")()

    @api.model
    def _get_calendar_setup_state(self):
        Exception_ = self.env["sales.calendar.exception"]
        today = self.env["sales.policy"]._get_today(self.env.company.id)
        domain = Exception_._get_exception_domain(self.env["resource.calendar"], self.env.company)
        years = dict.fromkeys((today.year, today.year + 1), 0)
        for day in Exception_.search(domain).mapped("date"):
            if day.year in years:
                years[day.year] += 1
        text = " · ".join(
            self.env._("%(year)s: %(count)s dates", year=year, count=count)
            if count
            else self.env._("%(year)s: none yet", year=year)
            for year, count in years.items()
        )
        if years[today.year]:
            action = partial(self._prepare_setup_action, "sales_management.sales_calendar_exception_action")
            return SetupState("done", text, self.env._("Look at It"), action)
        action = partial(self._prepare_import_action, Exception_._name)
        return SetupState("todo", text, self.env._("Import a Year"), action)

    @api.model
    def _get_channels_setup_state(self):
        domain = [("company_id", "in", (False, self.env.company.id))]
        channels = self.env["sales.notice.channel"].search(domain)
        failing = channels.filtered("failed_notice_count")
        text = self.env._("Activities and mails only.")
        if channels:
            text = self.env._("%(count)s channels", count=len(channels))
        if failing:
            text = self.env._("%(count)s channels, %(failing)s failing", count=len(channels), failing=len(failing))
        action = partial(self._prepare_setup_action, "sales_management.sales_notice_channel_action")
        level = "todo" if failing else "done" if channels else "off"
        return SetupState(
            level, text, self.env._("Add a Channel") if not channels else self.env._("Look at Them"), action
        )

    # === Tools === #

    @api.model
    def _prepare_setup_action(self, xmlid):
        return self.env["ir.actions.actions"]._for_xml_id(xmlid)

    @api.model
    def _prepare_import_action(self, model, context=None):
        return {
            "type": "ir.actions.client",
            "tag": "import",
            "name": self.env._("Import a File"),
            "params": {"active_model": model, "context": context or {}},
        }
