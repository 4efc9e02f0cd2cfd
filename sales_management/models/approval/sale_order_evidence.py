from odoo import models


class SaleOrder(models.Model):
    """What an approver is shown of each line, as it is when approval is asked for."""

    _inherit = "sale.order"

    def _get_line_evidence(self):
        """Figures of the lines that are offered, sections and notes left out, in the order of the content.

        :return: values that JSON can hold per line
        :rtype: dict[sale.order, list[dict]]
        """
        sold = {
            order: order._get_digest_lines().sorted().filtered(lambda line: not line.display_type) for order in self
        }
        # sudo: what the pricelist asks and what it costs are evidence.
        offered = self.env["sale.order.line"].union(*sold.values()).sudo()._get_offered_lines()
        by_id = {line.id: prices for line, prices in offered.items()}
        return {
            order: [line._prepare_evidence_values(by_id.get(line.id)) for line in lines]
            for order, lines in sold.items()
        }
