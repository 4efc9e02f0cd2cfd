from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CrmLead(models.Model):
    """To which company's process a deal belongs, and how much it is asked."""

    _inherit = "crm.lead"

    deal_class_id = fields.Many2one(
        "sales.deal.class",
        compute="_compute_deal_class_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        tracking=True,
        copy=False,
        ondelete="set null",
        help="How much this deal is asked in each stage. Proposed by the rules of the classes; a sales manager may "
        "choose another one, which then stays.",
    )
    is_deal_class_chosen = fields.Boolean(
        copy=False, readonly=True, help="A sales manager chose the class, so that the rules propose none."
    )
    deal_document_ids = fields.One2many("sales.deal.document", "lead_id", string="Deal Documents")
    deal_checklist_ids = fields.One2many("sales.deal.checklist", "lead_id", string="Checklist")

    # === Computes === #

    @api.depends("expected_revenue", "team_id", "company_id", "type", "is_deal_class_chosen")
    def _compute_deal_class_id(self):
        deals = self.filtered(lambda lead: lead.type == "opportunity" and not lead.is_deal_class_chosen)
        enabled = deals._filter_process_enabled()
        for lead, deal_class in self.env["sales.deal.class"]._propose_for(enabled).items():
            lead.deal_class_id = deal_class
        for lead in self - enabled:
            lead.deal_class_id = lead.deal_class_id

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"is_deal_class_chosen"}

    @api.model
    def _get_undefaulted_fields(self):
        return super()._get_undefaulted_fields() | {"deal_class_id"}

    @api.model
    def _prepare_document_create_values(self, vals_list):
        vals_list = super()._prepare_document_create_values(vals_list)
        if not any("deal_class_id" in vals for vals in vals_list):
            return vals_list
        return [self._prepare_class_values(vals) for vals in vals_list]

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        if "deal_class_id" not in vals:
            return vals
        if any(lead.deal_class_id.id != (vals["deal_class_id"] or False) for lead in self):
            self._check_class_right()
            return {**vals, "is_deal_class_chosen": bool(vals["deal_class_id"])}
        return {key: value for key, value in vals.items() if key != "deal_class_id"}

    @api.model
    def _prepare_class_values(self, vals):
        """Leave a class to the rules that they propose anyway: a form sends it along, and nobody chose it."""
        if "deal_class_id" not in vals:
            return vals
        chosen_id = vals["deal_class_id"]
        vals = {name: value for name, value in vals.items() if name != "deal_class_id"}
        if not chosen_id or self.new(vals).deal_class_id.id == chosen_id:
            return vals
        self._check_class_right()
        return {**vals, "deal_class_id": chosen_id, "is_deal_class_chosen": True}

    @api.ondelete(at_uninstall=False)
    def _unlink_deal_documents(self):
        """Their files go with them: the database would delete the documents alone."""
        self.sudo().deal_document_ids.unlink()  # sudo: whoever deletes a deal deletes what hangs on it

    @api.model
    def _check_class_right(self):
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "Only a sales manager chooses the class of a deal. Ask one of them, or leave it to the rules."
                )
            )

    # === Scope === #

    def _get_process_company(self):
        """Company whose process holds for a deal, whichever company somebody is working in.

        :rtype: res.company
        """
        self.ensure_one()
        # sudo: which company it is, is no secret to whoever has the deal.
        lead = self.sudo()
        company = lead.company_id or lead.team_id.company_id or lead.user_id.company_id or self.env.user.company_id
        return company.with_env(self.env)

    @api.model
    def _get_process_company_domain(self, company_ids):
        """The deals whose process is that of one of these companies, as :meth:`_get_process_company` tells it."""
        by_user = Domain("user_id.company_id", "in", company_ids)
        by_team = Domain("team_id.company_id", "in", company_ids)
        no_team = Domain("team_id", "=", False) | Domain("team_id.company_id", "=", False)
        return Domain("company_id", "in", company_ids) | (
            Domain("company_id", "=", False) & (by_team | (no_team & by_user))
        )

    def _filter_process_enabled(self):
        """Those of these leads whose company uses the staged process.

        :rtype: crm.lead
        """
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_process_enabled")
        if not company_ids:
            return self.browse()
        if company_ids.issuperset(self.env["res.company"]._get_every_company_id()):
            return self
        companies = self._get_process_company_ids()
        return self.filtered(lambda lead: companies[lead.id] in company_ids)

    def _get_process_company_ids(self):
        """Companies whose process holds for these deals, found once for deals that are alike.

        :return: id of the company by id of the deal
        :rtype: dict
        """
        every = self.env["res.company"]._get_every_company_id()
        if len(every) == 1:
            return dict.fromkeys(self._ids, next(iter(every)))
        found, company_ids = {}, {}
        for lead in self.sudo():  # sudo: as in _get_process_company
            key = lead.company_id.id or (lead.team_id.id, lead.user_id.id)
            if key not in found:
                found[key] = lead.with_env(self.env)._get_process_company().id
            company_ids[lead.id] = found[key]
        return company_ids

    def _filter_repeat_deals(self):
        """Those of these deals whose customer has a confirmed order of another deal, or of none.

        :rtype: crm.lead
        """
        partners = self.partner_id.commercial_partner_id
        # sudo: an order counts, whoever's it is.
        orders = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [("partner_id.commercial_partner_id", "in", partners.ids), ("state", "=", "sale")],
                ["partner_id", "opportunity_id"],
            )
        )
        bought = {}
        for partner, lead in orders:
            bought.setdefault(partner.commercial_partner_id.id, set()).add(lead.id)
        return self.filtered(
            lambda lead: bought.get(lead.partner_id.commercial_partner_id.id, set()) - {lead._origin.id}
        )
