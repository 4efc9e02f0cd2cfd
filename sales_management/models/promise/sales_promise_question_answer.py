import logging
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

#: Nobody plans further than that: a year that was mistyped.
MAX_DAYS = 3650


class SalesPromiseQuestion(models.Model):
    """How planners answer, and how long that counts."""

    _inherit = "sales.promise.question"

    is_mine = fields.Boolean(
        string="Mine to Answer", compute="_compute_is_mine", help="You are asked, and it is not answered yet."
    )
    may_answer = fields.Boolean(compute="_compute_is_mine")

    # === Computes === #

    @api.depends_context("uid")
    @api.depends("state", "planner_id", "order_id.state")
    def _compute_is_mine(self):
        answerable = self._filter_answerable()
        for question in self:
            # sudo: the state of its quotation is no secret to whoever is asked.
            is_open = question.state in ("asked", "answered", "declined") and question.sudo().order_id.state != "cancel"
            question.may_answer = is_open and question in answerable
            question.is_mine = question.state == "asked" and question.planner_id == self.env.user

    # === Actions === #

    def action_open_answer(self):
        """:return: dialog that asks for the date
        :rtype: dict
        """
        return self._open_dialog("answer", self.env._("When Can It Be There?"))

    def action_open_cannot_say(self):
        """:return: dialog that says that there is no date, with a note
        :rtype: dict
        """
        return self._open_dialog("decline", self.env._("Cannot Say"))

    def action_answer(self, date, note=None):
        """Say when all of it can be with the customer. An answer can be given once more as long as it counts.

        :param date: day, as a date or as text in ISO format
        :param str note: what whoever asked should know
        :raise UserError: for a day that is past or is none, or a question that was withdrawn
        :raise AccessError: unless the planner, a sales manager or a stock manager answers
        """
        self._check_answerable()
        day = self._parse_day(date)
        now = fields.Datetime.now()
        # sudo: nobody writes questions otherwise; the right was checked.
        for company, questions in self.sudo().grouped("company_id").items():
            lapses_at = now + timedelta(days=company.promise_answer_days)
            for zone, asked in questions.grouped(lambda question: question._get_zone()).items():
                moment = zone.localize(datetime.combine(day, time(12))).astimezone(pytz.utc).replace(tzinfo=None)
                asked.write(
                    {
                        **self._prepare_answer_values("answered", note),
                        "answered_date": moment,
                        "lapses_at": lapses_at,
                    }
                )
        self.sudo()._withdraw_former()
        self._after_answer()

    def action_cannot_say(self, note=None):
        """Say that there is no date: whoever asked is told, and the line keeps the date that it has without.

        :param str note: what whoever asked should know
        :raise UserError: for a question that was withdrawn
        :raise AccessError: unless the planner, a sales manager or a stock manager answers
        """
        self._check_answerable()
        # sudo: as in action_answer().
        self.sudo().write({**self._prepare_answer_values("declined", note), "answered_date": False, "lapses_at": False})
        self._after_answer()

    def _open_dialog(self, mode, name):
        self._check_answerable()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "sales.promise.answer",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_mode": mode, "default_question_ids": self.ids},
        }

    # === Answers === #

    def _prepare_answer_values(self, state, note):
        return {
            "state": state,
            "note": (note or "").strip() if isinstance(note or "", str) else False,
            "answered_at": fields.Datetime.now(),
            "answered_by_id": self.env.uid,
        }

    def _withdraw_former(self):
        """Only the last answer about a line counts."""
        former = self.search(
            [("line_id", "in", self.line_id.ids), ("state", "=", "answered"), ("id", "not in", self.ids)]
        )
        former._withdraw()

    def _after_answer(self):
        """Follow an answer: the promises of the lines, what is recorded of them, and those who asked."""
        questions = self.sudo()  # sudo: the planner need not read quotations
        questions._close_todos()
        answered = questions.filtered(lambda question: question.state == "answered")
        questions.line_id._renew_promises()
        for note, told in answered.grouped("note").items():
            dates = {question.line_id: question.answered_date for question in told}
            planners = {question.line_id: (question.answered_by_id or question.planner_id).id for question in told}
            reason = (
                self.env._("Answer of production: %(note)s", note=note) if note else self.env._("Answer of production")
            )
            self.env["sales.promise.fact"]._record(
                "promised", told.line_id, promise_date=dates, user_id=planners, confidence="b", reason=reason
            )
        questions._tell_askers()

    @api.model
    def _carry(self, twins):
        """Let answers count for the lines that take the place of those that were asked about, as long as they would
        have, where these say the same or less.

        :param dict twins: new line by former line; one that is its own twin takes its answer up again
        """
        # sudo: nobody writes questions otherwise; whoever revises need not have asked.
        former = self.sudo().search(
            Domain("line_id", "in", [line.id for line in twins])
            & Domain("answered_date", "!=", False)
            & Domain("lapses_at", ">", fields.Datetime.now()),
            order="answered_at, id",
        )
        lines = {line.id: twin.sudo() for line, twin in twins.items()}
        last = {question.line_id.id: question for question in former}
        carried = {lines[line]: question for line, question in last.items() if question._is_answered_for(lines[line])}
        for line, question in carried.items():
            if question.line_id == line:
                question.state = "answered"
        others = {line: question for line, question in carried.items() if question.line_id != line}
        former.create([question._prepare_carried_values(line) for line, question in others.items()])
        self.env["sale.order.line"].union(*carried)._renew_promises()

    def _prepare_carried_values(self, line):
        self.ensure_one()
        names = ("quantity", "wished_date", "comment", "answered_date", "answered_at", "lapses_at", "note")
        links = ("company_id", "product_id", "deal_class_id", "planner_id", "asked_by_id", "answered_by_id")
        return {
            "line_id": line.id,
            "state": "answered",
            **{name: self[name] for name in names},
            **{name: self[name].id for name in links},
        }

    def _parse_day(self, date):
        """:return: a day that may be answered
        :raise UserError: for anything else
        """
        try:
            day = fields.Date.to_date(date)
        except (TypeError, ValueError):
            day = None
        if not day:
            raise UserError(self.env._("Give the day on which all of it can be with the customer, as 2026-12-31."))
        today = fields.Date.context_today(self)
        if not today <= day <= today + timedelta(days=MAX_DAYS):
            raise UserError(
                self.env._(
                    "%(date)s is no day on which it can be there. Choose one from today on.",
                    date=fields.Date.to_string(day),
                )
            )
        return day

    def _get_answered_day(self):
        """:return: the day that was answered"""
        self.ensure_one()
        return pytz.utc.localize(self.answered_date).astimezone(self._get_zone()).date()

    def _get_zone(self):
        """The zone in which a day of this question is one: that of the warehouse, as for other promises."""
        return pytz.timezone(self.env["sales.promise.engine"]._get_warehouse_zone(self.line_id.warehouse_id))

    # === Rights === #

    def _filter_answerable(self):
        """:return: those of these that the user may answer"""
        user = self.env.user
        groups = ("sales_team.group_sale_manager", "stock.group_stock_manager")
        if self.env.su or any(user.has_group(group) for group in groups):
            return self
        return self.filtered(lambda question: question.planner_id == user)

    def _check_answerable(self):
        self.check_access("read")
        if self - self._filter_answerable():
            raise AccessError(
                self.env._(
                    "Only who is asked, a sales manager or a stock manager answers: %(planners)s",
                    planners=", ".join((self - self._filter_answerable()).planner_id.mapped("name")),
                )
            )
        # sudo: the state of its quotation is no secret to whoever is asked.
        closed = self.filtered(
            lambda question: question.state in ("withdrawn", "lapsed") or question.sudo().order_id.state == "cancel"
        )
        if closed:
            raise UserError(
                self.env._(
                    "Nobody waits for this any more: %(questions)s. Load the page again.",
                    questions=", ".join(closed.mapped("display_name")),
                )
            )

    # === Lapsing === #

    @api.model
    def _get_counting_domain(self):
        """Answers that count now. What is confirmed keeps its answer.

        :rtype: Domain
        """
        return Domain("state", "=", "answered") & (
            Domain("lapses_at", ">", fields.Datetime.now()) | Domain("order_id.state", "=", "sale")
        )

    @api.model
    def _cron_lapse(self):
        """Let answers go that no longer count, and tell those who asked."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        if not enabled:
            return
        domain = (
            Domain("state", "=", "answered")
            & Domain("lapses_at", "<=", fields.Datetime.now())
            & Domain("order_id.state", "in", ("draft", "sent"))
            & Domain("company_id", "in", list(enabled))
        )
        seen, left = [], self.search_count(domain)
        while left:
            questions = self.search(domain & Domain("id", "not in", seen), limit=200)
            if not questions:
                return
            seen += questions.ids
            questions._lapse_isolated()
            left -= len(questions)
            if not self.env["ir.cron"]._commit_progress(len(questions), remaining=max(left, 0)):
                return

    def _lapse_isolated(self):
        """Let these go together, or each by itself where that fails: one holds up no other."""
        try:
            with self.env.cr.savepoint():
                self._lapse()
            return
        except Exception:
            _logger.info("Letting %s answers lapse together failed, trying each by itself", len(self), exc_info=True)
        for question in self:
            try:
                with self.env.cr.savepoint():
                    question._lapse()
            except Exception:
                _logger.exception("Answer %s could not lapse; it is tried again the next time", question.id)

    def _lapse(self):
        self.write({"state": "lapsed"})
        self.line_id._renew_promises()
        self._tell_lapsed()
