from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.company_name import normalize_company_name
from odoo.addons.sales_management.tools.contact_key import get_domain_key, get_vat_key
from odoo.addons.sales_management.tools.smart_fill import SmartFillFind, get_search_word

#: Records that are looked at, and those that are offered, of each kind.
MOST_READ = 100
MOST_OFFERED = 3
#: Fields of leads that are called as those of partners are.
LEAD_FIELDS = ("phone", "website", "street", "street2", "zip", "city", "state_id", "country_id")
#: What colleagues of one company share; a telephone number may be that of a desk.
SHARED_FIELDS = ("website", "street", "street2", "zip", "city", "state_id", "country_id")


class ResPartner(models.Model):
    """What one's own database knows of a company, as far as whoever asks may read it."""

    _inherit = "res.partner"

    @api.model
    def _find_smart_fill_partners(self, query, seconds):
        """Customers with this tax ID or name, to open; of the archived, what is known can be taken as well.

        :rtype: list[SmartFillFind]
        """
        domain = Domain.OR(
            [
                *([Domain("vat", "in", self._get_vat_spellings(query))] if query.vat else []),
                *self._get_smart_fill_name_domain("name", query.name),
            ]
        )
        domain &= Domain("parent_id", "=", False) & Domain("partner_share", "=", True)
        partners = self.with_context(active_test=False).search(
            domain & Domain("id", "!=", query.partner_id), order="active DESC, id DESC", limit=MOST_READ
        )
        partners = partners.filtered(lambda partner: partner._is_smart_fill_match(query))[:MOST_OFFERED]
        return [
            SmartFillFind(self.env._("There already: %(name)s", name=partner.display_name), {}, partner.id)
            if partner.active
            else SmartFillFind(
                self.env._("Archived: %(name)s", name=partner.display_name),
                {name: partner[name] for name in self._get_smart_fill_fields()},
                partner.id,
            )
            for partner in partners
        ]

    @api.model
    def _find_smart_fill_leads(self, query, seconds):
        """Leads and deals, lost ones as well, of a company with this name.

        :rtype: list[SmartFillFind]
        """
        leads = self.env["crm.lead"]
        found = self._get_smart_fill_name_domain("partner_name", query.name)
        if not found or not leads.has_access("read"):
            return []
        leads = leads.with_context(active_test=False).search(found[0], order="id DESC", limit=MOST_READ)
        key = normalize_company_name(query.name)
        leads = leads.filtered(lambda lead: normalize_company_name(lead.partner_name) == key)[:MOST_OFFERED]
        return [
            SmartFillFind(
                self.env._("Lead: %(name)s", name=lead.display_name),
                {"email": lead.email_from} | {name: lead[name] for name in LEAD_FIELDS},
            )
            for lead in leads
        ]

    @api.model
    def _find_smart_fill_contacts(self, query, seconds):
        """People with a mail address of the same domain: their company to open, or where they are.

        :rtype: list[SmartFillFind]
        """
        if not query.domain:
            return []
        domain = Domain("email", "=ilike", f"%@{query.domain}") | Domain("website", "ilike", query.domain)
        domain &= Domain("partner_share", "=", True)
        if query.partner_id:
            domain &= ~Domain("id", "child_of", query.partner_id)
        contacts = self.search(domain, order="id DESC", limit=MOST_READ)
        contacts = contacts.filtered(lambda contact: query.domain in contact._get_smart_fill_domains())
        finds = {}
        for contact in contacts:
            company = contact.commercial_partner_id
            if company.is_company:
                label = self.env._("Same domain: %(name)s", name=company.display_name)
                finds.setdefault(company, SmartFillFind(label, {}, company.id))
            else:
                label = self.env._("Same domain: %(name)s", name=contact.display_name)
                finds[contact] = SmartFillFind(label, {name: contact[name] for name in SHARED_FIELDS})
        return list(finds.values())[:MOST_OFFERED]

    # === Tools === #

    def _get_smart_fill_domains(self):
        self.ensure_one()
        return {get_domain_key(self.email or ""), get_domain_key(self.website or "")}

    def _is_smart_fill_match(self, query):
        self.ensure_one()
        country = self.country_id.code or query.country
        if query.vat and self.vat and get_vat_key(self.vat, country) == get_vat_key(query.vat, query.country):
            return True
        return bool(query.name) and normalize_company_name(self.name or "") == normalize_company_name(query.name)

    @api.model
    def _get_vat_spellings(self, query):
        key = get_vat_key(query.vat, query.country) or query.vat
        return list({query.vat, query.vat.replace(" ", "").upper(), key, key[2:] if key[:2].isalpha() else key})

    @api.model
    def _get_smart_fill_name_domain(self, field, name):
        """:return: a list of one domain, or of none where the name says nothing"""
        if not normalize_company_name(name):
            return []
        word = get_search_word(name)
        key = normalize_company_name(name)
        # A key in Chinese is part of the name as it is written; the place in front of it may not be.
        words = {word} | ({key} if not key.isascii() else set())
        return [Domain.OR(Domain(field, "ilike", word) for word in words if word)] if any(words) else []
