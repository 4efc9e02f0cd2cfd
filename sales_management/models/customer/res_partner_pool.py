from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

STATES = [("owned", "Owned"), ("protected", "Protected"), ("pool", "In the Pool")]
#: What decides whose a customer is, and whether it takes part.
OWNER_FIELDS = frozenset({"user_id", "company_id", "parent_id", "is_company", "active", "customer_rank"})


class ResPartner(models.Model):
    """Whose a customer is, and since when: it belongs to the company, and to a person as long as they look after it."""

    _inherit = "res.partner"

    pool_state = fields.Selection(
        STATES,
        string="Ownership",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="Owned: somebody looks after it. Protected: claimed lately, so it does not return by itself. In the pool: "
        "anybody in sales may claim it.",
    )
    protected_until = fields.Datetime(readonly=True, copy=False, groups="base.group_user")
    owner_since = fields.Datetime(
        string="With This Owner Since",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Empty: since before the pool was used.",
    )
    last_contact_at = fields.Datetime(
        string="Last Contact On",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The latest mail from or to the customer or its contacts, call or meeting marked done, meeting held, or "
        "quotation sent. Notes and automatic messages are no contact.",
    )
    pool_due_on = fields.Date(
        string="Returns On",
        compute="_compute_pool_due_on",
        compute_sudo=True,
        groups="base.group_user",
        help="When the customer returns to the pool if nobody is in touch until then. Its owner is warned before.",
    )
    pool_warned_at = fields.Datetime(string="Warned On", readonly=True, copy=False, groups="base.group_user")
    pooled_at = fields.Datetime(string="In the Pool Since", readonly=True, copy=False, groups="base.group_user")
    # Whom the pool knows as the owner: where it is another one, somebody changed it past the pool.
    pool_owner_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null", groups="base.group_system"
    )
    is_contact_due = fields.Boolean(
        string="To Be Contacted",
        compute="_compute_is_contact_due",
        search="_search_is_contact_due",
        compute_sudo=True,
        groups="base.group_user",
        help="There was no contact for longer than the tier of the customer asks for.",
    )

    # === Computes === #

    def _compute_pool_due_on(self):
        dates = self._get_pool_dates() if self.env["res.company"]._get_pool_company_ids() else {}
        for partner in self:
            partner.pool_due_on = dates.get(partner._origin.id)

    @api.depends("last_contact_at", "customer_tier_id.contact_days")
    def _compute_is_contact_due(self):
        now = fields.Datetime.now()
        for partner in self:
            days = partner.customer_tier_id.contact_days
            since = partner.last_contact_at or partner.create_date
            partner.is_contact_due = bool(days and since and (now - since).days >= days)

    def _search_is_contact_due(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        now = fields.Datetime.now()
        due = SQL(
            """(
               SELECT partner.id
                 FROM res_partner partner
                 JOIN sales_customer_tier tier ON tier.id = partner.customer_tier_id
                WHERE tier.contact_days > 0
                  AND COALESCE(partner.last_contact_at, partner.create_date)
                      <= %(now)s - tier.contact_days * interval '1 day'
            )""",
            now=now,
        )
        self.env["sales.customer.tier"].flush_model(["contact_days"])
        self.flush_model(["customer_tier_id", "last_contact_at"])
        return Domain("id", "in", due)

    # === Hooks === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {
            "last_contact_at",
            "owner_since",
            "pool_owner_id",
            "pool_state",
            "pool_warned_at",
            "pooled_at",
            "protected_until",
        }

    def _prepare_partner_write_values(self, vals):
        vals = super()._prepare_partner_write_values(vals)
        if "user_id" in vals and self.env["res.company"]._get_pool_company_ids():
            self._check_owner_change(vals["user_id"])
        return vals

    def _after_partner_create(self):
        result = super()._after_partner_create()
        if self and self.env["res.company"]._get_pool_company_ids():
            self._follow_owners()
        return result

    def _after_partner_write(self, vals):
        result = super()._after_partner_write(vals)
        if self and not OWNER_FIELDS.isdisjoint(vals) and self.env["res.company"]._get_pool_company_ids():
            self._follow_owners()
        return result

    def _check_owner_change(self, user_id):
        """Refuse to take a customer past the pool, or from a colleague."""
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return
        for partner in self:
            owner = partner.user_id
            if not partner.pool_state or owner.id == user_id or owner == self.env.user:
                continue
            if partner.pool_state == "pool":
                raise UserError(
                    self.env._(
                        "%(customer)s is in the pool. Claim it there to become its owner.",
                        customer=partner.display_name,
                    )
                )
            raise AccessError(partner._get_owned_refusal())

    def _get_owned_refusal(self):
        """:return: who has this customer, and since when: that much everybody in sales may know
        :rtype: str
        """
        self.ensure_one()
        if self.owner_since:
            return self.env._(
                "%(customer)s is with %(owner)s since %(date)s. Ask them, or a sales manager, to hand it over.",
                customer=self.display_name,
                owner=self.user_id.name,
                date=format_date(self.env, fields.Datetime.context_timestamp(self, self.owner_since).date()),
            )
        return self.env._(
            "%(customer)s is with %(owner)s. Ask them, or a sales manager, to hand it over.",
            customer=self.display_name,
            owner=self.user_id.name,
        )
