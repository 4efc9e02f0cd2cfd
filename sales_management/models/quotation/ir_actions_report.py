from lxml import etree, html

from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.sales_management.tools.copy_mark import mark

#: Class of the band that says in the body of a copy that it is not approved.
MARK_CLASS = "o_sales_not_released"
#: What templates hold that say so by themselves.
KNOWN_BANDS = (b"not_approved_band", b"replaced_band")


class IrActionsReport(models.Model):
    """Every report on quotations, of whatever addon: refused to customers, and marked for colleagues."""

    _inherit = "ir.actions.report"

    # === Refusing === #

    def _get_held_back(self, report, res_ids):
        """Quotations among the documents of a report that may not go to their customers.

        :raise AccessError: when it is a customer who asks for them; what stands in the way is none of his business
        """
        orders = self.env["sale.order"].browse(res_ids or [])
        if report.model != "sale.order":
            return orders.browse()
        held = orders._filter_held_back()
        if held and self.env.user.share:
            raise AccessError(self.env._("This quotation is being prepared. You can see it as soon as it is ready."))
        return held

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # A stored copy is served without a rendering context, so it is asked here as well.
        self._get_held_back(self._get_report(report_ref), res_ids)
        return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)

    def _get_rendering_context(self, report, docids, data):
        held = self._get_held_back(report, docids)
        values = super()._get_rendering_context(report, docids, data)
        if held:
            values["sales_not_released"] = held
        return values

    # === Marking === #

    @api.model
    def _render_template(self, template, values=None):
        content = super()._render_template(template, values=values)
        held = (values or {}).get("sales_not_released")
        return self._mark_not_released(content, held, values.get("report_type")) if held else content

    def _mark_not_released(self, content, held, report_type):
        """Say in the body of a copy that it is not approved, unless its template says so by itself.

        :param bytes content: rendered template
        :param sale.order held: quotations to be marked
        :param str report_type: ``text``, ``html`` or ``pdf``
        """
        words = self.env._("NOT APPROVED – internal copy, not for the customer")
        if report_type == "text":
            return f"{words}\n\n".encode() + bytes(content)
        if any(band in content for band in KNOWN_BANDS):
            return content
        page = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
        articles = page.find_class("article")
        known = [article for article in articles if article.get("data-oe-id")]
        marked = [article for article in known if int(article.get("data-oe-id")) in held._ids]
        for place in marked or articles or [page.body]:
            banner = html.Element("div")
            banner.set("class", f"{MARK_CLASS} alert alert-danger text-center fw-bold")
            banner.text = words
            # After whatever text the element begins with.
            place.insert(0, banner)
        return etree.tostring(page, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")

    @api.model
    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        content, report_type = super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        report = self._get_report(report_ref)
        if report_type == "pdf" and report.model == "sale.order":
            content = self._mark_copies(content, [res_ids] if isinstance(res_ids, int) else res_ids or [])
        return content, report_type

    def _mark_copies(self, content, order_ids):
        """Say in the file itself which quotations it is of and what they say, so that an old copy is known as such."""
        orders = self.env["sale.order"].browse(order_ids)
        if not orders._is_release_asked():
            return content
        kept = orders.filtered(lambda order: order._is_quotation_kept())
        held = orders._filter_held_back()
        digests = kept._get_content_digests()
        copies = {order.id: None if order in held else digests.get(order) for order in kept | held}
        return mark(content, copies) if copies else content

    # === Stored copies === #

    def retrieve_attachment(self, record):
        """Find a stored copy only where it says what the quotation says now, and may go."""
        attachment = super().retrieve_attachment(record)
        if not attachment or record._name != "sale.order" or not record._is_release_asked():
            return attachment
        is_current = attachment.description == record._get_stored_description()
        return attachment if is_current and not record._filter_held_back() else None

    def _prepare_pdf_report_attachment_vals_list(self, report, streams):
        """Store no copy of what is held back: it would be served once it is released."""
        if report.model != "sale.order" or not self.env["sale.order"]._is_release_asked():
            return super()._prepare_pdf_report_attachment_vals_list(report, streams)
        orders = self.env["sale.order"].browse([res_id for res_id in streams if res_id])
        held = orders._filter_held_back()
        streams = {res_id: stream for res_id, stream in streams.items() if res_id not in held._ids}
        values_list = super()._prepare_pdf_report_attachment_vals_list(report, streams)
        for values in values_list:
            values["description"] = orders.browse(values["res_id"])._get_stored_description()
        return values_list
