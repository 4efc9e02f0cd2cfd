import io

import xlsxwriter

from odoo import http
from odoo.http import content_disposition, request


class QuotationAudit(http.Controller):
    """The story of a quotation as a file."""

    @http.route("/sales_management/quotation/<int:order_id>/history.xlsx", type="http", auth="user", readonly=True)
    def download_history(self, order_id):
        """:return: a workbook with one row per entry; who may not read the quotation is refused as by the ORM"""
        order = request.env["sale.order"].browse(order_id)
        rows = order._get_audit_rows()
        checks = order._get_audit_orders()._get_audit_checks()
        name = f"{order.name.replace('/', '_')}.xlsx"
        headers = [
            ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(self._write_workbook(rows, checks), headers=headers)

    def _write_workbook(self, rows, checks):
        titles = {
            "moment": request.env._("When"),
            "quotation": request.env._("Quotation"),
            "title": request.env._("What"),
            "who": request.env._("Who"),
            "details": request.env._("Details"),
            "digest": request.env._("SHA-256 of What It Said"),
        }
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            bold = book.add_format({"bold": True})
            for column, title in enumerate(titles.values()):
                sheet.write_string(0, column, title, bold)
            # As strings, so that no text that somebody typed runs as a formula.
            for line, row in enumerate(rows, 1):
                for column, key in enumerate(titles):
                    sheet.write_string(line, column, row[key])
            for line, (_is_intact, text) in enumerate(checks, len(rows) + 2):
                sheet.write_string(line, 0, text)
            sheet.freeze_panes(1, 0)
        return stream.getvalue()
