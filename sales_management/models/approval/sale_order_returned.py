from odoo import models


class SaleOrder(models.Model):
    """The price that an approver would accept, and taking it."""

    _inherit = "sale.order"

    # === Actions === #

    def action_take_returned_price(self):
        """Write the price that an approver would accept into these quotations.

        :raise UserError: where nobody named one for what they say now
        """
        self.check_access("write")
        requests = self._get_returned_requests()
        self._check_found(requests, self.env._("nobody named a price for what it says now"))
        for request in requests:
            order = self & request.order_id
            order.write(order._get_returned_write_values(request.returned_values))
        return True

    # === Tools === #

    def _get_returned_requests(self):
        """:return: the requests about what these quotations say now that were returned with a price, of the superuser
        :rtype: sales.approval.request
        """
        # sudo: whoever may edit the quotation may take the price, which he sees on it.
        requests = self.sudo().approval_request_ids.filtered(
            lambda request: request.state == "rejected" and request.returned_digest and request._is_last()
        )
        digests = self._get_content_digests() if requests else {}
        return requests.filtered(lambda request: digests[self & request.order_id] == request.digest)

    def _describe_returned_price(self):
        """:return: what the approver of this quotation would accept, a line of text for each change; False without any
        :rtype: str | bool
        """
        self.ensure_one()
        values = self._get_returned_requests()[-1:].returned_values
        if not values:
            return False
        named = values.get("lines", {})
        texts = [
            f"{line.name.splitlines()[0]}: {text}"
            for line in self.order_line
            for text in line._describe_returned_values(named.get(str(line.id), {}))
        ]
        if "payment_term_id" in values:
            # sudo: terms of payment are no secret of whoever may not edit them.
            term = self.env["account.payment.term"].sudo().browse(values["payment_term_id"] or ())
            label = self._fields["payment_term_id"]._description_string(self.env)
            texts.append(f"{label}: {self.payment_term_id.sudo().name or '–'} → {term.name or '–'}")
        return "\n".join(texts)

    def _get_returned_write_values(self, values):
        """:return: values of the order, as :meth:`write` takes them"""
        lines = values.get("lines", {})
        vals = {"order_line": [(1, int(line_id), line) for line_id, line in lines.items()]}
        if "payment_term_id" in values:
            vals["payment_term_id"] = values["payment_term_id"]
        return vals
