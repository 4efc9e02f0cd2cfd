from contextlib import contextmanager

from odoo import api, fields, models

from .sales_customer_key import KeyRow

KEY_FIELDS = frozenset({"email_from", "phone", "website", "partner_name", "partner_id", "country_id", "active", "type"})


class CrmLead(models.Model):
    """Leads that are known again: two people are not to work the same customer against each other."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "sales.duplicate.mixin"]

    duplicate_warning = fields.Text(
        string="Possible Duplicates",
        compute="_compute_duplicate_warning",
        groups="base.group_user",
        help="Customers and leads of others with the same telephone number, address or domain of mail, or name.",
    )

    # === Computes === #

    @api.depends("email_from", "phone", "website", "partner_name", "partner_id", "country_id", "user_id")
    @api.depends_context("uid", "company", "lang")
    def _compute_duplicate_warning(self):
        saved = self._origin if self._is_looking_for_duplicates() else self.browse()
        found = saved._find_duplicates() if saved else {}
        for lead in self:
            words = [lead._describe_match(match) for match in found.get(lead._origin, ())]
            lead.duplicate_warning = "\n".join(words) or False

    # === Hooks === #

    def _after_document_create(self):
        result = super()._after_document_create()
        if self._is_looking_for_duplicates():
            self._follow_keys()
        return result

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
        if not KEY_FIELDS.isdisjoint(vals) and self._is_looking_for_duplicates():
            self._follow_keys()

    def _get_key_fields(self):
        return KEY_FIELDS

    def _get_duplicate_keys(self):
        default = self.env.company.country_id.code or ""
        rows = []
        for lead in self:
            if not lead.active or lead.won_status == "won":
                continue
            keys = self.env["sales.customer.key"]._get_keys(
                phone=lead.phone,
                email=lead.email_from,
                website=lead.website,
                name=lead.partner_name,
                country=lead.country_id.code or default,
            )
            root = lead.partner_id.commercial_partner_id.id or 0
            rows += [KeyRow(kind, value, 0, lead.id, root) for kind, value in keys.items()]
        return rows
