from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache


class SalesDealClass(models.Model):
    """How much a deal is asked: a rule proposes the class, a manager may choose another one."""

    _name = "sales.deal.class"
    _inherit = ["sales.tracked.mixin", "sales.deal.condition.mixin"]
    _description = "Deal Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(copy=False, tracking=True, help="Short name for imports and integrations.")
    sequence = fields.Integer(
        default=10,
        tracking=True,
        help="The first class whose rule a deal matches is proposed, so the upper ones come first.",
    )
    color = fields.Integer(help="The dot on the card of a deal.")
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", index=True, tracking=True, help="Empty: all companies use it."
    )
    amount_min = fields.Monetary(
        string="From",
        currency_field="currency_id",
        tracking=True,
        help="Least expected revenue of a deal, without tax.",
    )
    amount_max = fields.Monetary(
        string="Below",
        currency_field="currency_id",
        tracking=True,
        help="Expected revenue from which on a deal is not of this class, without tax. Zero: without limit.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    team_ids = fields.Many2many("crm.team", string="Sales Teams", tracking=True, help="Empty: deals of all teams.")
    domain = fields.Char(string="Condition", tracking=True, help="What else a deal must be to be proposed this class.")
    is_repeat = fields.Boolean(
        string="Repeat Orders",
        tracking=True,
        help="Deals of customers who have a confirmed order already. Repeat orders are counted apart in the figures.",
    )
    active = fields.Boolean(default=True, tracking=True)

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "There is a deal class with this code already. Choose another one.",
    )
    _amount_check = models.Constraint(
        "CHECK (COALESCE(amount_max, 0) = 0 OR COALESCE(amount_min, 0) < amount_max)",
        "The expected revenue of a deal class begins below where it ends. Leave the end empty for no limit.",
    )

    # === Computes === #

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for deal_class in self:
            deal_class.currency_id = (deal_class.company_id or self.env.company).currency_id

    # === Constraints === #

    @api.constrains("domain")
    def _check_domain(self):
        broken = [
            self.env._(
                "The condition of the deal class %(name)s cannot be read: %(domain)s. Choose it again.",
                name=deal_class.name,
                domain=deal_class.domain,
            )
            for deal_class in self
            if deal_class.domain and deal_class._get_deal_domain() is None
        ]
        if broken:
            raise ValidationError("\n".join(broken))

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        classes = super().create(vals_list)
        self.env.registry.clear_cache()
        return classes

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """What was asked of these classes alone is off: without a class, it would be asked of all deals."""
        for name in ("sales.stage.requirement", "sales.stage.task"):
            # sudo: a class of all companies is deleted for all of them.
            settings = self.env[name].sudo().search([("deal_class_ids", "in", self.ids)])
            alone = settings.filtered(lambda setting: setting.with_context(active_test=False).deal_class_ids <= self)
            alone.write({"active": False})
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === Showing === #

    @api.model
    @ormcache("self.env.lang")
    def _get_labels(self):
        """:return: name and color by class, cached, so that a card reads no class
        :rtype: dict[int, tuple[str, int]]
        """
        # sudo: what the classes are called is the same for everybody.
        classes = self.sudo().with_context(active_test=False).search([("id", "!=", False)])
        return {deal_class.id: (deal_class.name, deal_class.color) for deal_class in classes}

    # === Rule === #

    @api.model
    @ormcache()
    def _get_class_ids(self):
        # sudo: the rules that propose a class are the same for everybody.
        return tuple(self.sudo().search([("active", "=", True)]).ids)

    @api.model
    def _propose_for(self, leads):
        """The first class that each deal matches.

        :param crm.lead leads: deals, also unsaved ones
        :return: class per deal, none where no rule matches
        :rtype: dict[crm.lead, sales.deal.class]
        """
        proposed = dict.fromkeys(leads, self.browse())
        # sudo: as above.
        for deal_class in self.sudo().browse(self._get_class_ids()):
            open_leads = leads.filtered(lambda lead: not proposed[lead])
            for lead in deal_class._filter_matching(open_leads):
                proposed[lead] = deal_class.with_env(self.env)
        return proposed

    def _filter_matching(self, leads):
        self.ensure_one()
        leads = leads.filtered(self._is_in_scope)
        if self.is_repeat and leads:
            leads = leads._filter_repeat_deals()
        domain = self._get_deal_domain()
        if domain is None:
            return leads.browse()
        # sudo: whoever edits a deal need not read all that a rule asks of it.
        return leads.sudo().filtered_domain(domain).with_env(leads.env) if self.domain else leads

    def _is_in_scope(self, lead):
        revenue = lead.expected_revenue
        # An archived team counts: a class of such a team alone must not be proposed to all.
        teams = self.with_context(active_test=False).team_ids
        return (
            (not self.company_id or self.company_id == lead._get_process_company())
            and (not teams or lead.team_id in teams)
            and revenue >= self.amount_min
            and (not self.amount_max or revenue < self.amount_max)
        )
