from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: What ends with an owner, and begins anew with the next one.
ENDED = {"pooled_at": False, "pool_protected_until": False, "pool_warned_at": False}


class CrmLead(models.Model):
    """Leads without a customer whom the pool knows return to it themselves. Those of customers go with the customer."""

    _inherit = "crm.lead"

    pool_contact_at = fields.Datetime(
        string="Last Contact for the Pool",
        readonly=True,
        copy=False,
        help="The latest mail from or to the lead, call or meeting marked done, meeting held, or quotation sent, since "
        "the company uses the pool. Notes and automatic messages are no contact.",
    )
    pool_owner_since = fields.Datetime(
        string="With This Salesperson Since",
        readonly=True,
        copy=False,
        help="Empty: since before the pool was used, or since the lead was created.",
    )
    pool_due_on = fields.Date(
        string="Returns On",
        compute="_compute_pool_due_on",
        compute_sudo=True,
        help="When the lead returns to the pool if nobody is in touch until then. Its salesperson is warned before.",
    )
    pool_warned_at = fields.Datetime(string="Warned On", readonly=True, copy=False)
    pool_protected_until = fields.Datetime(
        string="Protected Until",
        readonly=True,
        copy=False,
        help="Claimed lately, so it does not return by itself before.",
    )
    pooled_at = fields.Datetime(string="In the Pool Since", readonly=True, copy=False, index="btree_not_null")

    # === Computes === #

    def _compute_pool_due_on(self):
        dates = self._get_pool_dates() if self.env["res.company"]._get_pool_company_ids() else {}
        for lead in self:
            lead.pool_due_on = dates.get(lead._origin.id)

    # === ORM === #

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if self.env.context.get("without_pooled_leads"):
            domain = Domain(domain) & Domain(self.env["crm.team"]._get_unpooled_lead_domain())
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {
            "pool_contact_at",
            "pool_owner_since",
            "pool_protected_until",
            "pool_warned_at",
            "pooled_at",
        }

    # === Hooks === #

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        if vals.get("user_id") and "pooled_at" not in vals and self.env["res.company"]._get_pool_company_ids():
            self._check_not_pooled()
        return vals

    @contextmanager
    def _around_document_write(self, vals):
        # The pool itself says when it takes or gives one; what it does is told by its own facts.
        is_followed = "user_id" in vals and "pooled_at" not in vals
        if not is_followed or not self.env["res.company"]._get_pool_company_ids():
            with super()._around_document_write(vals):
                yield
            return
        former = {lead: lead.sudo().user_id.id for lead in self}  # sudo: whoever may write it may change the owner
        with super()._around_document_write(vals):
            yield
        changed = self.filtered(lambda lead: former[lead] != lead.sudo().user_id.id)  # sudo: as above
        changed._follow_pool_owner(former)

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        moments = opportunities.filtered("pool_contact_at").mapped("pool_contact_at")
        if moments:
            self._touch_leads(max(moments))
        return result

    # === Owners === #

    def _check_not_pooled(self):
        """Refuse to take a lead past the pool."""
        if self.env.su or self.env.user.has_group("sales_team.group_sale_manager"):
            return
        if pooled := self.filtered("pooled_at")[:1]:
            raise UserError(
                self.env._(
                    "%(lead)s is in the pool. Claim it there to become its salesperson.", lead=pooled.display_name
                )
            )

    def _follow_pool_owner(self, former):
        """Let days count anew for leads whose salesperson was changed past the pool: by a manager, an import, a rule.

        Where the salesperson was only taken off, core hands the lead out again, and it is not in the pool.

        :param dict former: id of the salesperson before, by lead
        """
        if not self:
            return
        leads = self.sudo()  # sudo: nobody writes these fields by hand
        leads.with_context(tracking_disable=True).write({**ENDED, "pool_owner_since": fields.Datetime.now()})
        handed_over = self.browse(
            lead.id for lead in leads._filter_in_pool_rules() if lead.user_id and former[lead.with_env(self.env)]
        )
        if handed_over:
            owners = {lead: lead.sudo().user_id.id for lead in handed_over}  # sudo: as above
            self.env["sales.customer.claim"]._record("handed_over", handed_over, former, owners)

    def _filter_in_pool_rules(self):
        """:return: the open ones among these leads that have no customer whom the pool knows
        :rtype: crm.lead
        """
        return self.filtered(
            lambda lead: (
                lead.active and lead.won_status == "pending" and not lead.partner_id.commercial_partner_id.pool_state
            )
        )

    def _get_pool_company(self):
        """:return: by whose rules this lead goes
        :rtype: res.company
        """
        self.ensure_one()
        _ids, first = self.env["res.company"]._get_pool_companies()
        return self.company_id or self.team_id.company_id or self.env["res.company"].browse(first)
