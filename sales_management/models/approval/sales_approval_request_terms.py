from odoo import api, models
from odoo.tools import html2plaintext

#: As much of a text as tells what it is about.
MAX_TEXT = 80


class SalesApprovalRequest(models.Model):
    """What changed beside the prices: nobody approves terms that he is not told of."""

    _inherit = "sales.approval.request"

    @api.model
    def _describe_term_changes(self, before, after):
        """What changed beside the lines, in words, a text for each field that changed.

        :param dict before: what stands beside the lines, in the format of the digest; empty when that is not known
        :param dict after: the same, of now
        :rtype: list[str]
        """
        orders = self.env["sale.order"]
        names = [name for name in after if name in before and before[name] != after[name] and name in orders._fields]
        return [self._describe_value_change(orders, name, before[name], after[name]) for name in names]

    @api.model
    def _describe_value_change(self, model, name, old, new):
        """:return: label of a field of a content, with its value before and after"""
        field = model._fields[name]
        values = [self._format_content_value(field, value) for value in (old, new)]
        return f"{field._description_string(self.env)}: {values[0]} → {values[1]}"

    @api.model
    def _format_content_value(self, field, value):
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if value in (None, False, "", []):
            return "–"
        if field.relational:
            # sudo: whoever decides is told what is decided on.
            records = self.env[field.comodel_name].sudo().browse(value).exists()
            return ", ".join(records.mapped("display_name")) or "–"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        text = " ".join((html2plaintext(value) if field.type == "html" else str(value)).split())
        return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"
