from odoo import api, fields, models

#: What the switches of the pool are called: both have to be on.
SWITCHES = ("sales_customer_enabled", "customer_pool_enabled")


class ResCompany(models.Model):
    """The rules of the pool (公海) where neither a tier nor a team has its own."""

    _inherit = "res.company"

    customer_pool_enabled = fields.Boolean(
        string="Pool of Customers",
        help="Customers that nobody was in touch with for too long return to a pool, where others may claim them. "
        "Days count from when this is switched on, so nobody loses a customer on the first night.",
    )
    customer_pool_since = fields.Datetime(
        string="Pool Used Since",
        readonly=True,
        copy=False,
        help="Days without contact count from here at the earliest.",
    )
    customer_pool_hidden = fields.Boolean(
        string="Hide Customers Until Claimed",
        help="Salespeople see a customer in the pool, its contacts, and a lead in the pool, in the list of the pool "
        "alone: no person, address or number. Once one company asks for it, it holds for all.",
    )
    customer_pool_days = fields.Integer(
        string="Days Without Contact",
        default=90,
        help="After so many days without a contact a customer returns to the pool. A tier or the team of its owner may "
        "say otherwise. 0: none returns by itself.",
    )
    customer_pool_lead_days = fields.Integer(
        string="Days Without Contact with a Lead",
        default=30,
        help="After so many days without a contact a lead with a salesperson, and without a customer whom the pool "
        "knows, returns to the pool. Its team may say otherwise. 0: none returns by itself.",
    )
    customer_pool_leads_since = fields.Datetime(
        string="Leads Return Since",
        readonly=True,
        copy=False,
        help="Days without contact with a lead count from here at the earliest.",
    )
    customer_pool_warning_days = fields.Integer(
        string="Days of Warning", default=7, help="So many days before, at the least, its owner is warned."
    )
    customer_pool_protection_days = fields.Integer(
        string="Days of Protection",
        default=30,
        help="For so many days after it was claimed a customer does not return to the pool by itself.",
    )
    customer_pool_claims_per_day = fields.Integer(
        string="Claims per Day",
        default=5,
        help="How many customers a person may claim in a day, by their own clock. A team may say otherwise. 0: any "
        "number.",
    )
    customer_pool_cooldown_days = fields.Integer(
        string="Days Before Claiming Again",
        default=30,
        help="For so many days whoever lost or gave up a customer cannot claim it back.",
    )

    _customer_pool_days_check = models.Constraint(
        "CHECK (COALESCE(customer_pool_lead_days, 0) BETWEEN 0 AND 3650 AND "
        "LEAST(customer_pool_days, customer_pool_warning_days, customer_pool_protection_days, "
        "customer_pool_claims_per_day, customer_pool_cooldown_days) >= 0 AND GREATEST(customer_pool_days, "
        "customer_pool_warning_days, customer_pool_protection_days, customer_pool_cooldown_days) <= 3650)",
        "Days and claims of the pool are numbers from 0, and no more than ten years.",
    )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("customer_pool_enabled")._begin_pool()
        return companies

    def write(self, vals):
        # Asked before: what begins now, and what was used already.
        names = [name for name in SWITCHES if vals.get(name)]
        starting = self.filtered(lambda company: not all(company[name] for name in names)) if names else self.browse()
        # None returns on the night on which they begin to.
        returning = self.browse()
        if vals.get("customer_pool_lead_days"):
            returning = self.filtered(lambda company: not company.customer_pool_lead_days)
        result = super().write(vals)
        if returning:
            returning.sudo().customer_pool_leads_since = fields.Datetime.now()  # sudo: nobody writes it by hand
        if starting:
            starting._begin_pool()
        return result

    # === Switches === #

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        if not {*SWITCHES, "customer_pool_hidden"}.isdisjoint(names):
            self.env.registry.clear_cache()
            self._hide_pool()
        return result

    @api.model
    def _hide_pool(self):
        """Switch the rules on or off that hide customers in the pool from salespeople."""
        is_hidden = bool(self._get_pool_company_ids() & self._get_enabled_company_ids("customer_pool_hidden"))
        for name in ("res_partner_rule_pool_hidden", "res_partner_rule_pool_all", "crm_lead_rule_pool_hidden"):
            rule = self.env.ref(f"sales_management.{name}", raise_if_not_found=False)
            if rule and rule.sudo().active != is_hidden:
                rule.sudo().active = is_hidden  # sudo: whoever may set it up need not be an administrator

    def _begin_pool(self):
        """Look up former contacts, and begin to count days where the pool is used from now on."""
        partners = self.env["res.partner"].sudo()  # sudo: whoever may switch it on need not see every customer
        if self.filtered("sales_customer_enabled"):
            partners._fill_contacts()
        if starting := self.filtered(lambda company: all(company[name] for name in SWITCHES)):
            starting.sudo().customer_pool_since = fields.Datetime.now()  # sudo: nobody writes it by hand
            partners._follow_owners()

    @api.model
    def _get_pool_company_ids(self):
        """:return: companies that use the pool; to ask costs nothing
        :rtype: frozenset[int]
        """
        using = [self._get_enabled_company_ids(name) for name in SWITCHES]
        return frozenset.intersection(*using)

    @api.model
    def _get_pool_companies(self):
        """Companies that use the pool, and the one by whose rules customers of all companies go: the first of them.

        :rtype: tuple[list[int], int]
        """
        ids = sorted(self._get_pool_company_ids())
        return ids, ids[0] if ids else 0
