from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import clean_context, formatLang

#: As many deals as fit a screen: whoever looks for another one has the field on the quotation.
MAX_DEALS = 20


class SalesQuotationDeal(models.TransientModel):
    """Ties a quotation to an open deal of its customer, or to a new one."""

    _name = "sales.quotation.deal"
    _description = "Choose the Deal of a Quotation"

    order_id = fields.Many2one("sale.order", string="Quotation", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    currency_id = fields.Many2one(related="order_id.company_id.currency_id")
    choices = fields.Json(string="Open Deals", compute="_compute_choices")
    deal_id = fields.Many2one(
        "crm.lead",
        compute="_compute_deal_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )
    name = fields.Char(string="New Deal", compute="_compute_new_deal", store=True, readonly=False, precompute=True)
    expected_revenue = fields.Monetary(
        compute="_compute_new_deal",
        store=True,
        readonly=False,
        precompute=True,
        help="Begins as the untaxed amount of the quotation, in the currency of the company.",
    )

    # === Computes === #

    @api.depends("order_id")
    def _compute_choices(self):
        for wizard in self:
            wizard.choices = [wizard._prepare_choice(deal) for deal in wizard._find_candidates()]

    @api.depends("order_id")
    def _compute_deal_id(self):
        for wizard in self:
            wizard.deal_id = wizard._find_candidates()[:1]

    @api.depends("order_id")
    def _compute_new_deal(self):
        for wizard in self:
            order = wizard.order_id
            product = order.order_line.product_id[:1]
            customer = order.partner_id.commercial_partner_id
            wizard.name = " · ".join(filter(None, [customer.name, product.name])) or False
            wizard.expected_revenue = order.amount_untaxed / (order.currency_rate or 1.0)

    # === Candidates === #

    def _find_candidates(self):
        """Open deals of the customer that the user may see, the likeliest first: one's own, then the newest.

        :rtype: crm.lead
        """
        self.ensure_one()
        order = self.order_id
        deals = self.env["crm.lead"]
        if not order:
            return deals
        deals = deals.search(self._get_candidate_domain(), order="create_date DESC, id DESC", limit=MAX_DEALS)
        return deals.sorted(lambda deal: deal.user_id != order.user_id)

    def _prepare_choice(self, deal):
        amount = formatLang(self.env, deal.expected_revenue, currency_obj=deal.company_currency or self.currency_id)
        words = [deal.deal_number, deal.stage_id.name, deal.expected_revenue and amount, deal.user_id.name]
        return {"id": deal.id, "name": deal.name, "words": " · ".join(filter(None, words))}

    def _get_candidate_domain(self):
        order = self.order_id
        return (
            Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
            & Domain("partner_id", "child_of", order.partner_id.commercial_partner_id.ids)
            & Domain("company_id", "in", [False, order.company_id.id])
        )

    # === Actions === #

    def action_use_deal(self):
        """Tie the quotation to the chosen deal."""
        self.ensure_one()
        if not self.deal_id:
            raise UserError(self.env._("Choose a deal of %(customer)s, or create one.", customer=self.partner_id.name))
        # Found anew: what is chosen over RPC is not what was shown.
        if not self.env["crm.lead"].search_count(
            self._get_candidate_domain() & Domain("id", "=", self.deal_id.id), limit=1
        ):
            raise UserError(
                self.env._(
                    "%(deal)s is no open deal of %(customer)s any more. Choose another one, or create one.",
                    deal=self.deal_id.sudo().name,  # sudo: the name is that of what was chosen
                    customer=self.partner_id.name,
                )
            )
        return self._tie(self.deal_id)

    def action_create_deal(self):
        """Create a deal from the quotation, and tie the quotation to it."""
        self.ensure_one()
        self._check_order()
        context = clean_context(self.env.context)
        leads = self.env["crm.lead"].with_context(context)  # pylint: disable=context-overridden  # it is what is left
        return self._tie(leads.create(self._prepare_deal_values()))

    def _prepare_deal_values(self):
        """The stage is left to the pipeline of the team: what a deal passed, nobody knows of a new one."""
        order = self.order_id
        return {
            "type": "opportunity",
            "name": self.name or order.name,
            "partner_id": order.partner_id.id,
            "user_id": order.user_id.id or self.env.uid,
            "team_id": order.team_id.id,
            "company_id": order.company_id.id,
            "expected_revenue": self.expected_revenue,
        }

    def _tie(self, deal):
        self._check_order()
        self.order_id.write({"opportunity_id": deal.id})
        return {"type": "ir.actions.act_window_close"}

    def _check_order(self):
        self.order_id.check_access("write")
        if self.order_id.state not in ("draft", "sent"):
            raise UserError(
                self.env._("%(quotation)s is no quotation any more: its deal stays.", quotation=self.order_id.name)
            )
