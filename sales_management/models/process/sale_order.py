from odoo import api, fields, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sales.deal.number.mixin", "sale.order"]

    deal_number = fields.Char(
        related="opportunity_id.deal_number",
        store=True,
        index="trigram",
        help="Number of the opportunity that this quotation belongs to.",
    )

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"deal_number"}

    # === Hand-over === #

    def _after_hand_over(self):
        result = super()._after_hand_over()
        # sudo: whoever hands a quotation over need not see its deal.
        self.sudo().opportunity_id.with_env(self.env)._open_tasks_from("hand_over")
        return result

    @api.model
    def _get_hand_over_moments(self, leads, now):
        """When quotations of deals were handed over last.

        :param crm.lead leads: deals
        :param datetime now: for those that were handed over before that was recorded
        :return: moment by id of the deal
        :rtype: dict[int, datetime]
        """
        domain = Domain("opportunity_id", "in", leads.ids) & (
            Domain("state", "=", "sent") | Domain("state", "=", "sale") & Domain("handed_over_at", "!=", False)
        )
        # sudo: what was handed over counts, whoever may read it.
        rows = self.sudo()._read_group(domain, ["opportunity_id"], ["handed_over_at:max"])
        return {lead.id: moment or now for lead, moment in rows}
