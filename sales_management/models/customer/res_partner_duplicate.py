from odoo import api, fields, models

from .sales_customer_key import KeyRow

KEY_FIELDS = frozenset(
    {"vat", "phone", "email", "website", "name", "parent_id", "is_company", "country_id", "active", "type"}
)


class ResPartner(models.Model):
    """Customers that are known again."""

    _name = "res.partner"
    _inherit = ["res.partner", "sales.duplicate.mixin"]

    duplicate_warning = fields.Text(
        string="Possible Duplicates",
        compute="_compute_duplicate_warning",
        groups="base.group_user",
        help="Others with the same tax ID, telephone number, address or domain of mail, or name.",
    )

    # === Computes === #

    @api.depends("vat", "phone", "email", "website", "name", "parent_id", "is_company", "country_id")
    @api.depends_context("uid", "company", "lang")
    def _compute_duplicate_warning(self):
        saved = self._origin if self._is_looking_for_duplicates() else self.browse()
        found = saved._find_duplicates() if saved else {}
        for partner in self:
            words = [partner._describe_match(match) for match in found.get(partner._origin, ())]
            partner.duplicate_warning = "\n".join(words) or False

    # === Hooks === #

    def _after_partner_create(self):
        result = super()._after_partner_create()
        if self._is_looking_for_duplicates():
            self._follow_keys()
        return result

    def _after_partner_write(self, vals):
        result = super()._after_partner_write(vals)
        if not KEY_FIELDS.isdisjoint(vals) and self._is_looking_for_duplicates():
            self._follow_keys()
        return result

    def _get_key_fields(self):
        return KEY_FIELDS

    def _get_duplicate_keys(self):
        default = self.env.company.country_id.code or ""
        rows = []
        for partner in self:
            # Users and addresses are no customers.
            if not partner.active or not partner.partner_share or partner.type not in (False, "contact"):
                continue
            own = partner.is_company or not partner.parent_id
            keys = self.env["sales.customer.key"]._get_keys(
                vat=partner.vat if own else "",
                phone=partner.phone,
                email=partner.email,
                website=partner.website if own else "",
                name=partner.name if partner.is_company else "",
                country=partner.country_id.code or default,
            )
            root = partner.commercial_partner_id.id or partner.id
            rows += [KeyRow(kind, value, partner.id, 0, root) for kind, value in keys.items()]
        return rows
