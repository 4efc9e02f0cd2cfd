import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.sales_period import get_period

_logger = logging.getLogger(__name__)

PERIODS = [("week", "Week"), ("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]


class SalesWorkbookSubscription(models.Model):
    """Somebody gets the workbook of each period by mail when it is over, under their own rights."""

    _name = "sales.workbook.subscription"
    _inherit = ["sales.workbook.scope.mixin"]
    _description = "Workbook by Mail"
    _order = "user_id, id"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Receiver",
        required=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        index=True,
        domain="[('share', '=', False)]",
        help="Sees in it what their own rights show them, whoever subscribed.",
    )
    period_kind = fields.Selection(
        PERIODS,
        string="Each",
        default="month",
        required=True,
        help="A workbook is sent on the day after the period, by the clock of the company and the day on which its "
        "months begin.",
    )
    lang = fields.Selection(selection="_selection_lang", string="Language", help="Empty: the language of the receiver.")
    active = fields.Boolean(default=True)
    book_ids = fields.One2many("sales.workbook", "subscription_id", readonly=True)
    sent_until = fields.Date(readonly=True, copy=False, help="The last day of the last period that was sent.")

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    # === Job === #

    @api.model
    def _cron_send(self):
        """Order the workbooks of the periods that are over, each once, on however many workers it runs."""
        companies = self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        if not companies:
            return
        subscriptions = self.search([("company_id", "in", list(companies))])
        due = subscriptions.filtered(lambda one: one._get_due() and one._may_receive())
        try:
            # Those that another worker holds are its own.
            due = due.try_lock_for_update()
        except OperationalError:
            # Another one ordered since this one began: the next run sees what is left.
            self.env.cr.rollback()
            _logger.info("workbooks of subscriptions %s are left to the next run", due.ids)
            return
        for one in due:
            one._order_book(one._get_due())
        if due:
            self.env["sales.workbook"]._wake_up()

    def _get_due(self):
        """:return: the last period that is over, unless it was sent, or ended before anybody subscribed
        :rtype: Period | None
        """
        zone = self.company_id._get_sales_zone()
        now, began = (
            fields.Datetime.context_timestamp(self.with_context(tz=zone.zone), moment).date()
            for moment in (fields.Datetime.now(), self.create_date)
        )
        period = get_period(self.period_kind, now, self.company_id.sales_month_start or 1).previous()
        is_sent = self.sent_until and self.sent_until >= period.end
        return None if is_sent or period.end < began else period

    def _may_receive(self):
        user = self.user_id
        is_inside = user.active and not user.share and self.company_id in user.company_ids
        return is_inside and self.env["sales.result"].with_user(user).has_access("read")

    def _order_book(self, period):
        values = {
            "user_id": self.user_id.id,
            "company_id": self.company_id.id,
            "team_ids": [fields.Command.set(self.team_ids.ids)],
            "sheet_ids": [fields.Command.set(self.sheet_ids.ids)],
            "lang": self.lang,
            "date_from": period.start,
            "date_to": period.end,
            "subscription_id": self.id,
        }
        books = self.env["sales.workbook"]
        known = Domain("subscription_id", "=", self.id) & Domain("date_from", "=", period.start)
        if not books.search_count(known, limit=1):
            books.create(values)
        self.sent_until = period.end
