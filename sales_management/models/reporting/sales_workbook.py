import logging
import os
import tempfile
import time
from base64 import b64encode
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.sales_management.tools.book_writer import MAX_ROWS, BookWriter, get_money_format
from odoo.addons.sales_management.tools.file_name import get_file_name

_logger = logging.getLogger(__name__)

#: What a book may be: a request may ask for no other state than the first.
STATES = [("waiting", "Waiting"), ("running", "Being Made"), ("done", "Ready"), ("failed", "Failed")]
#: Seconds between two signs of progress.
PACE = 2


class SalesWorkbook(models.Model):
    """A workbook of a period: for one person, under that person's rights, at the moment when it was made.

    Nobody writes one by hand: it would be made under the rights of whomever it named.
    """

    _name = "sales.workbook"
    _inherit = ["sales.workbook.scope.mixin"]
    _description = "Workbook"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    user_id = fields.Many2one(
        "res.users", string="For", required=True, ondelete="cascade", index=True, help="Whose rights it is made under."
    )
    lang = fields.Char(string="Language")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True)
    subscription_id = fields.Many2one(
        "sales.workbook.subscription",
        ondelete="set null",
        index="btree_not_null",
        help="The subscription that it is sent for.",
    )
    state = fields.Selection(STATES, default="waiting", required=True)
    progress = fields.Float(help="Rows that are written, in percent.")
    row_count = fields.Integer(string="Rows")
    attempt_count = fields.Integer()
    error = fields.Text(string="Problem")
    made_at = fields.Datetime(string="Made On")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()

    _once_unique = models.UniqueIndex(
        "(subscription_id, date_from) WHERE subscription_id IS NOT NULL",
        "The workbook of this period is there already.",
    )
    _state_index = models.Index("(id) WHERE state IN ('waiting', 'running')")

    # === Computes === #

    @api.depends("date_from", "date_to", "company_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for book in self:
            book.name = self.env._(
                "%(first)s – %(last)s · %(company)s",
                company=book.company_id.sudo().name,  # sudo: the name of one's company
                first=format_date(self.env, book.date_from),
                last=format_date(self.env, book.date_to),
            )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for book in self:
            book.display_name = book.name

    # === Actions === #

    def action_download(self):
        """:return: the file
        :rtype: dict
        :raise UserError: where there is none yet
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "done":
            raise UserError(self.env._("%(name)s is not ready. Wait until it is.", name=self.display_name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{quote(self.file_name)}?download=true",
            "target": "download",
        }

    def action_retry(self):
        """Make a workbook again that failed, in the background.

        :raise UserError: where it did not fail
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "failed":
            raise UserError(self.env._("%(name)s has not failed.", name=self.display_name))
        if self.user_id != self.env.user:
            raise AccessError(self.env._("A workbook is made for %(name)s, who may ask again.", name=self.user_id.name))
        # sudo: nobody writes a workbook by hand
        self.sudo().write({"state": "waiting", "error": False, "attempt_count": 0, "progress": 0})
        self._wake_up()

    # === Making === #

    def _get_made_values(self, report=None):
        """Make the file of a workbook, or say why it cannot be made. No error leaves this.

        :param report: told how many rows are written of how many
        :return: what to write on the workbook
        :rtype: dict
        """
        self.ensure_one()
        try:
            self._check_reader()
            with self.env.cr.savepoint():
                book = self._for_reader()
                content, rows = book._make_file(report)
                return {
                    "file": b64encode(content),
                    "file_name": get_file_name([self.env._("Sales"), book.name], "xlsx"),
                    "row_count": rows,
                    "state": "done",
                    "progress": 100,
                    "made_at": fields.Datetime.now(),
                    "error": False,
                }
        except Exception as error:
            # Whatever it is, it is told where the workbook is waited for.
            known = isinstance(error, UserError)
            _logger.log(logging.INFO if known else logging.ERROR, "workbook %s failed", self.id, exc_info=not known)
            return {"state": "failed", "error": str(error) if known else self._get_unknown_error(error)}

    def _get_unknown_error(self, error):
        return self.env._(
            "It could not be made. Tell your administrator: %(error)s", error=f"{type(error).__name__}: {error}"
        )

    def _for_reader(self):
        """:return: this workbook as its reader sees it: their rights, language, and no company but its own"""
        user = self.user_id
        # A language that was removed since is none.
        lang = self.env["res.lang"]._get_code(self.lang) if self.lang else False
        return self.with_user(user).with_context(
            lang=lang or user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids, active_test=True
        )

    def _get_sources(self):
        """What this workbook will have, sheet by sheet, with the number of rows and the totals of each.

        :rtype: list[tuple[sales.workbook.sheet, Source, int, list]]
        """
        self.ensure_one()
        service = self.env["sales.workbook.source"]
        found = []
        # sudo: what one may read on a sheet is asked of the records on it.
        for sheet in self.sudo().sheet_ids.sorted():
            source = service._get_source(sheet.code, self)
            if source is not None:
                found.append((sheet, source, *service._read_totals(source)))
        return found

    def _make_file(self, report=None):
        """
        :param report: told how many rows are written of how many
        :return: content, and how many rows it has
        :rtype: tuple[bytes, int]
        :raise UserError: where the reader may see none of the sheets, or one is longer than a spreadsheet may be
        """
        sources = self._get_sources()
        if not sources:
            raise UserError(self.env._("None of the sheets is switched on and may be seen. Choose others."))
        for sheet, _source, count, _totals in sources:
            if count > MAX_ROWS:
                raise UserError(
                    self.env._(
                        "%(sheet)s would have %(count)s rows, and a sheet holds %(most)s. Choose a shorter period.",
                        sheet=sheet.name,
                        count=count,
                        most=MAX_ROWS,
                    )
                )
        rows = sum(count for _sheet, _source, count, _totals in sources)
        with tempfile.TemporaryDirectory(prefix="sales_workbook_") as folder:
            path = os.path.join(folder, "workbook.xlsx")
            self._write_file(path, folder, sources, self._get_reporter(report, rows))
            with open(path, "rb") as file:
                return file.read(), rows

    def _check_reader(self):
        user, company = self.user_id, self.company_id
        is_inside = user.active and not user.share and company in user.company_ids
        if not is_inside or not self.env["sales.result"].with_user(user).has_access("read"):
            raise UserError(self.env._("%(name)s has no right to see what was sold.", name=user.name))

    def _get_reporter(self, report, whole):
        written, last = 0, time.monotonic()

        def count(rows):
            nonlocal written, last
            written += rows
            if report and time.monotonic() - last > PACE:
                last = time.monotonic()
                report(written, whole)

        return count

    def _write_file(self, path, folder, sources, report):
        service, currency = self.env["sales.workbook.source"], self.company_id.currency_id
        zone = self.company_id._get_sales_zone()
        money = get_money_format(currency.symbol or "", currency.decimal_places, currency.position == "before")
        scope = self._get_scope_text()
        with BookWriter(path, money, folder) as writer:
            for sheet, source, count, totals in sources:
                writer.write_sheet(
                    sheet.name,
                    f"{sheet.name} · {self.name}",
                    f"{source.note} · {scope}",
                    [cell.column for cell in source.cells],
                    service._iter_rows(source, zone, report),
                    count,
                    totals,
                    source.chart,
                    self.env._("Total"),
                    self.env._("Nothing in this period."),
                )

    def _get_scope_text(self):
        """:return: in words, what the reader must know of all sheets: teams, tax, and whose rights they show"""
        # sudo: the names of the teams that were chosen
        teams = ", ".join(self.sudo().team_ids.mapped("name")) or self.env._("all teams")
        return self.env._(
            "%(teams)s · what %(reader)s may see · amounts of targets are %(tax)s · made on %(day)s",
            teams=teams,
            reader=self.user_id.name,
            tax=self.company_id._get_amount_tax_label(),
            day=format_date(self.env, fields.Date.context_today(self)),
        )
