import json

from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.report import ReportController as WebReportController


class ReportController(WebReportController):
    """Printing from the screens of colleagues, which the story of a quotation tells."""

    @http.route()
    def report_download(self, data, context=None, token=None, readonly=True):
        response = super().report_download(data, context=context, token=token, readonly=readonly)
        if request.env["sale.order"]._is_release_asked():
            self._record_print(*json.loads(data)[:2])
        return response

    def _record_print(self, url, report_type):
        """Record that quotations were printed.

        :param str url: path of the report, with the identities of its documents
        :param str report_type: ``qweb-pdf`` or ``qweb-text``
        """
        name, _slash, identities = url.partition("?")[0].removeprefix("/report/").partition("/")[2].partition("/")
        report = request.env["ir.actions.report"]._get_report_from_name(name)
        if report_type == "qweb-pdf" and report.model == "sale.order":
            ids = [int(identity) for identity in identities.split(",") if identity.isdigit()]
            request.env["sale.order"].browse(ids)._record_print()
