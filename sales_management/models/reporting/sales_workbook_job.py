from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

#: A workbook in the making when the server stopped is begun anew, so many times in all.
MAX_ATTEMPTS = 2
#: How long a workbook is kept: it is a copy of what is in the database.
KEPT_DAYS = 92
#: What a mail takes along at most; a longer one is fetched by its link.
MAX_MAIL_BYTES = 10 * 2**20


class SalesWorkbook(models.Model):
    """Workbooks that are made in the background, one after the other."""

    _inherit = "sales.workbook"

    # === Starting === #

    def _start(self):
        """Make these workbooks: at once where they are short, else in the background."""
        for book in self:
            rows = book._for_reader()._count_rows()
            if rows > (book.company_id.sales_workbook_rows or 0):
                book.row_count = rows
                book._wake_up()
            else:
                book.write(book._get_made_values())

    def _count_rows(self):
        """:return: how many rows there will be, as far as the reader may see any
        :rtype: int
        """
        if not self.env["sales.result"].has_access("read"):
            return 0
        return sum(count for _sheet, _source, count, _totals in self._get_sources())

    @api.model
    def _wake_up(self):
        # sudo: whoever asks for a workbook starts the job that makes it.
        self.env.ref("sales_management.ir_cron_make_workbooks").sudo()._trigger()

    # === Job === #

    @api.model
    def _cron_make(self):
        """Make the workbooks that wait, each in its own transactions; on several workers, each by one of them."""
        books = self.search([("state", "in", ("waiting", "running"))], order="id")
        cron = self.env["ir.cron"]
        if not books or not cron._commit_progress(remaining=len(books)):
            return
        for book in books:
            if book._begin():
                cron._commit_progress()
                values = book._get_made_values(book._report_progress)
                # What was said of the progress meanwhile is another transaction's: this one begins anew.
                cron._commit_progress()
                book._finish(values)
            if not cron._commit_progress(1):
                return

    def _begin(self):
        """:return: whether this one is to be made, and by nobody else
        :rtype: bool
        """
        book = self.try_lock_for_update()
        book.invalidate_recordset()
        if not book or book.state not in ("waiting", "running"):
            return False
        if book.attempt_count >= MAX_ATTEMPTS:
            book.write(
                {
                    "state": "failed",
                    "error": self.env._(
                        "The server stopped while it was made. Choose a shorter period or fewer sheets."
                    ),
                }
            )
            return False
        book.write({"state": "running", "progress": 0, "attempt_count": book.attempt_count + 1})
        return True

    def _report_progress(self, written, whole):
        """Let everybody see how far it is, whatever becomes of the transaction that reads."""
        percent = min(99, 100 * written / max(whole, 1))
        with self.env.registry.cursor() as cr:
            book = api.Environment(cr, SUPERUSER_ID, {})[self._name].browse(self.id)
            if book.try_lock_for_update():
                book.progress = percent

    def _finish(self, values):
        self.write(values)
        if self.subscription_id:
            self._send()
            return
        is_done = self.state == "done"
        book = self._for_reader()
        message = book.env._("%(name)s is ready.", name=book.name) if is_done else self.error
        self.user_id._bus_send(
            "simple_notification",
            {
                "type": "success" if is_done else "danger",
                "title": book.env._("Workbook"),
                "message": message,
                "sticky": True,
            },
        )

    # === Mail === #

    def _send(self):
        """Mail a workbook to its reader, in their language; one that failed is not sent."""
        if self.state != "done" or not self.user_id.email:
            return
        book = self._for_reader().sudo()  # sudo: templates are read for whoever gets the mail
        attachment = self._get_attachment()
        is_attached = attachment.file_size <= MAX_MAIL_BYTES
        body = (
            self.env["ir.qweb"]
            .with_context(lang=book.env.context["lang"])
            ._render(
                "sales_management.sales_workbook_mail",
                {
                    "said": book.env._("The sales workbook %(name)s is ready.", name=book.name),
                    "link": self._get_link(),
                    "is_attached": is_attached,
                },
            )
        )
        self.env["mail.mail"].create(
            {
                "subject": book.env._("Sales workbook: %(name)s", name=book.name),
                "body_html": body,
                "email_from": self.company_id.email_formatted or self.user_id.email_formatted,
                "email_to": self.user_id.email_formatted,
                "auto_delete": True,
                # A copy: what was mailed stays when the workbook goes.
                "attachment_ids": [
                    fields.Command.create(
                        {"name": self.file_name, "raw": attachment.raw, "mimetype": attachment.mimetype}
                    )
                ]
                if is_attached
                else [],
            }
        )

    def _get_attachment(self):
        domain = (
            Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id) & Domain("res_field", "=", "file")
        )
        return self.env["ir.attachment"].search(domain, limit=1)

    def _get_link(self):
        return f"{self.get_base_url()}/odoo/workbooks/{self.id}"

    # === Cleaning === #

    @api.autovacuum
    def _gc_old(self):
        """Delete workbooks that nobody fetched any more for three months.

        :return: how many, and whether there may be more
        :rtype: tuple[int, int]
        """
        limit = 1000
        old = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        books = self.search([("create_date", "<", old)], limit=limit)
        books.unlink()
        return len(books), len(books) == limit
