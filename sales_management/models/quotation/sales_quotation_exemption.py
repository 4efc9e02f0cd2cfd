from odoo import api, fields, models
from odoo.tools import ormcache


class SalesQuotationExemption(models.Model):
    """Quotations that need no deal, by a rule rather than one by one."""

    _name = "sales.quotation.exemption"
    _inherit = ["mail.thread"]
    _description = "Quotation Without a Deal"
    _order = "kind, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(
        [
            ("website", "Web Shop"),
            ("pos", "Point of Sale"),
            ("service", "Services Only"),
            ("team", "Sales Team"),
            ("customer", "Customer"),
        ],
        string="Exempt",
        required=True,
        tracking=True,
        help="Web shop: carts of a website. Point of sale: what is settled there. Services only: every product of the "
        "quotation is a service. Team, customer: those of this one, a company with all its contacts.",
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="cascade", index=True, tracking=True)
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="cascade", index=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
        tracking=True,
        help="Empty: it holds in all companies.",
    )
    active = fields.Boolean(default=True, tracking=True)

    _kind_check = models.Constraint(
        "CHECK ((kind <> 'team' OR team_id IS NOT NULL) AND (kind <> 'customer' OR partner_id IS NOT NULL))",
        "Name the team or the customer that needs no deal.",
    )

    # === Computes === #

    @api.depends("kind", "team_id", "partner_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for exemption in self:
            whose = {"team": exemption.team_id, "customer": exemption.partner_id}.get(exemption.kind)
            name = whose.display_name if whose else False
            exemption.display_name = ": ".join(filter(None, [labels.get(exemption.kind, ""), name]))

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        exemptions = super().create(vals_list)
        self._after_exemptions_changed()
        return exemptions

    def write(self, vals):
        result = super().write(vals)
        if not {"kind", "team_id", "partner_id", "company_id", "active"}.isdisjoint(vals):
            self._after_exemptions_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._after_exemptions_changed()
        return result

    @api.model
    def _after_exemptions_changed(self):
        self.env.registry.clear_cache()
        self.env["sale.order"]._reevaluate_deal_missing()

    # === Asking === #

    @api.model
    def _filter_exempt(self, orders):
        """Those of some quotations that need no deal, in a number of queries that does not grow with them.

        :param sale.order orders: quotations
        :rtype: sale.order
        """
        exemptions = self._get_exemptions()
        # sudo: a quotation is exempt or not, whoever asks.
        exempt_ids = {
            record.id
            for record in orders.sudo()
            if any(
                company_id in (False, record.company_id.id) and getattr(self, f"_is_{kind}_exempt")(record, whose_id)
                for kind, company_id, whose_id in exemptions
            )
        }
        return orders.filtered(lambda order: order.id in exempt_ids)

    @api.model
    @ormcache()
    def _get_exemptions(self):
        # sudo: an exemption holds for everybody, also for who may not see it.
        exemptions = self.sudo().search([("active", "=", True)])
        return tuple(
            (
                exemption.kind,
                exemption.company_id.id,
                (exemption.team_id if exemption.kind == "team" else exemption.partner_id.commercial_partner_id).id,
            )
            for exemption in exemptions
        )

    @api.model
    def _is_website_exempt(self, order, _whose_id):
        return order._is_shop_cart()

    @api.model
    def _is_pos_exempt(self, order, _whose_id):
        return "pos_order_line_ids" in order._fields and bool(order["pos_order_line_ids"])

    @api.model
    def _is_service_exempt(self, order, _whose_id):
        products = order.order_line.product_id
        return bool(products) and all(product.type == "service" for product in products)

    @api.model
    def _is_team_exempt(self, order, whose_id):
        return order.team_id.id == whose_id

    @api.model
    def _is_customer_exempt(self, order, whose_id):
        return order.partner_id.commercial_partner_id.id == whose_id
