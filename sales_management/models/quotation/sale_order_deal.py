from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.blocker import BLOCK, WARN, Blocker

#: Fields of addons that may not be there, and that an exemption looks at.
OPTIONAL_FIELDS = ("website_id", "pos_order_line_ids")


class SaleOrder(models.Model):
    """Every quotation that leaves belongs to a deal, where the policy of its company asks for that."""

    _inherit = "sale.order"

    # Before the record is there, so that one that is created as an order is told from one that was confirmed earlier.
    is_deal_missing = fields.Boolean(
        string="Deal Is Missing",
        compute="_compute_is_deal_missing",
        store=True,
        precompute=True,
        copy=False,
        help="It belongs to no deal, although the policy of the company blocks that.",
    )

    # === Computes === #

    @api.depends(lambda self: self._get_deal_dependencies())
    def _compute_is_deal_missing(self):
        levels = self._get_missing_deal_levels()
        for order in self:
            is_missing = levels.get(order) == BLOCK
            # What was confirmed stays as it was: its money must come in, whatever a policy says later on.
            is_kept = is_missing and order.state == "sale" and order._origin
            order.is_deal_missing = order._origin.is_deal_missing if is_kept else is_missing

    @api.model
    def _get_deal_dependencies(self):
        optional = [name for name in OPTIONAL_FIELDS if name in self._fields]
        # The type of the deal stands for the deal itself: a deleted one announces its fields, and no more.
        return ["opportunity_id.type", "company_id", "team_id", "partner_id", "order_line.product_id", *optional]

    # === Policy === #

    def _get_missing_deal_levels(self):
        """How strictly those of these quotations are asked for a deal that have none; no query where nobody asks.

        :return: ``warn`` or ``block``, of the quotations that lack a deal and are not exempt
        :rtype: dict[sale.order, str]
        """
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        policies = self.env["sales.policy"]
        if not company_ids or not policies._get_active_policies("quotation_deal"):
            return {}
        # sudo: whether there is a deal does not hang on who may read it.
        lacking = self.filtered(
            lambda order: order.company_id.id in company_ids and order.sudo().opportunity_id.type != "opportunity"
        )
        now = fields.Datetime.now()
        levels = {
            order: policies._get_document_level(
                "quotation_deal", order.company_id, order.team_id, order.create_date or now
            )
            for order in lacking
        }
        asked = lacking.filtered(lambda order: levels[order] != "off")
        asked -= self.env["sales.quotation.exemption"]._filter_exempt(asked) if asked else asked
        return {order: levels[order] for order in asked}

    @api.model
    def _reevaluate_deal_missing(self):
        """Find anew which open quotations lack a deal, when what asks for it or exempts from it has changed."""
        # sudo: the answer is the same for everybody, and policies are set by people who may not see every quotation.
        orders = self.sudo().search(self._get_reevaluation_domain())
        self.env.add_to_compute(self._fields["is_deal_missing"], orders)
        orders.flush_recordset(["is_deal_missing"])

    @api.model
    def _get_reevaluation_domain(self):
        """:return: open quotations that lack a deal by their column, or may be asked for one by a policy"""
        companies = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        dates = [
            active_from for *_scope, active_from in self.env["sales.policy"]._get_active_policies("quotation_deal")
        ]
        candidates = Domain("is_deal_missing", "=", True)
        if companies and dates:
            # A day earlier, for the date is that of the company.
            since = fields.Date.subtract(min(dates), days=1)
            candidates |= (
                Domain("company_id", "in", list(companies))
                & Domain("create_date", ">=", since)
                & (Domain("opportunity_id", "=", False) | Domain("opportunity_id.type", "!=", "opportunity"))
            )
        return Domain("state", "in", ("draft", "sent")) & candidates

    @api.model
    def _cron_reevaluate_deals(self):
        """Let policies begin on their day, and follow what exemptions look at beside the quotation itself."""
        if self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled"):
            self._reevaluate_deal_missing()

    # === Release === #

    @api.model
    def _get_release_dependencies(self):
        return [*super()._get_release_dependencies(), "team_id", "is_deal_missing"]

    def _get_release_blockers(self):
        blockers = super()._get_release_blockers()
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        if not company_ids or not self.env["sales.policy"]._get_active_policies("quotation_deal"):
            return blockers
        levels = self._get_missing_deal_levels()
        for order in self.filtered(lambda order: order.company_id.id in company_ids):
            if order in levels:
                # Of an order, the column tells whether it was one before it was asked.
                if order.state != "sale" or order.is_deal_missing:
                    blockers[order].append(order._prepare_missing_deal_blocker(levels[order]))
            elif order.state in ("draft", "sent"):
                blockers[order] += order._get_deal_warnings()
        return blockers

    def _prepare_missing_deal_blocker(self, level):
        return Blocker(
            code="deal",
            record=self,
            message=self.env._("It belongs to no deal. Choose one of this customer, or create one."),
            action=self._prepare_deal_action(),
            enforcement=level,
        )

    def _get_deal_warnings(self):
        """:return: what is odd about the deal of a quotation, where the policy looks at it
        :rtype: list[Blocker]
        """
        self.ensure_one()
        # sudo: what is wrong with the deal is said to whoever works on its quotation.
        deal = self.sudo().opportunity_id
        if not deal or self.env["sales.policy"]._get_level("quotation_deal", self.company_id, self.team_id) == "off":
            return []
        name = deal.with_context(formatted_display_name=False).display_name
        label = " ".join(filter(None, [self.deal_number, name]))
        messages = []
        if deal.won_status == "lost":
            messages.append(self.env._("Its deal %(deal)s is lost. Reopen that one, or choose another.", deal=label))
        customer = deal.partner_id.commercial_partner_id
        if customer and self.partner_id and customer != self.partner_id.sudo().commercial_partner_id:
            messages.append(
                self.env._(
                    "Its deal %(deal)s is that of another customer, %(customer)s. Choose one of this customer.",
                    deal=label,
                    customer=customer.name,
                )
            )
        action = self._prepare_deal_action()
        return [Blocker("deal", self, message, action, enforcement=WARN) for message in messages]

    def _prepare_deal_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deal"),
            "res_model": "sales.quotation.deal",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self._origin.id},
        }

    # === Status line === #

    @api.model
    def _get_release_switches(self):
        return [*super()._get_release_switches(), "sales_quotation_enabled"]

    def _prepare_release_line(self, blockers):
        line = super()._prepare_release_line(blockers)
        if self.quotation_family_id and self.is_current_revision:
            line["words"] = [self.env._("current"), *line["words"]]
        if self.deal_number:
            line["words"] = [*line["words"], self.deal_number]
        line["is_deal_offered"] = not self.opportunity_id and all(blocker.code != "deal" for blocker in blockers)
        return line

    # === Actions === #

    def action_choose_deal(self):
        """Open the dialog that ties a quotation to a deal of its customer."""
        self.ensure_one()
        self.check_access("write")
        return self._prepare_deal_action()
