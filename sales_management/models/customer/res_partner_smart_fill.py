import logging
import time

from psycopg2 import OperationalError
from requests.exceptions import Timeout

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import LazyTranslate

from odoo.addons.sales_management.tools.contact_key import get_domain_key
from odoo.addons.sales_management.tools.smart_fill import SmartFillQuery

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

#: How long somebody who types waits for all providers together, in seconds.
PATIENCE = 8
#: Answers that are shown; it is read on a phone.
MOST_FINDS = 6


class ResPartner(models.Model):
    """What is known of a company already, offered to whoever types its name or tax ID."""

    _inherit = "res.partner"

    # === Hooks === #

    @api.model
    def _get_smart_fill_providers(self):
        """Who is asked about a company, in this order: the name that is shown of each, and the method of this model.

        A method gets a :class:`SmartFillQuery` and the seconds that are left, returns a list of
        :class:`SmartFillFind`, and runs with the rights of whoever asks. What it raises is said, and stops nobody.

        :rtype: list[tuple[str | LazyGettext, str]]
        """
        return [
            (_lt("Customers"), "_find_smart_fill_partners"),
            (_lt("Leads and deals"), "_find_smart_fill_leads"),
            (_lt("Contacts with the same domain"), "_find_smart_fill_contacts"),
        ]

    @api.model
    def _get_smart_fill_fields(self):
        """Fields that may be filled: those that are empty on the form, in the order in which they are shown.

        :rtype: list[str]
        """
        return [
            "name",
            "vat",
            "company_registry",
            "phone",
            "email",
            "website",
            "street",
            "street2",
            "zip",
            "city",
            "state_id",
            "country_id",
            "industry_id",
            "company_size",
        ]

    # === Asking === #

    @api.model
    def get_smart_fill(self, values):
        """What is known of a company. Nothing is saved.

        Not read only, so that providers may keep what they learn.

        :param dict values: what stands on the form: id, name, vat, email, website, country_id (its id), and ``filled``,
            the names of the fields that are not empty
        :return: ``finds``, each with ``label``, ``existing_id`` and ``values`` to show and take, and ``problems``, the
            words about providers that did not answer
        :rtype: dict
        """
        self._check_smart_fill()
        if self.env.company.id not in self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"):
            return {"finds": [], "problems": []}
        query = self._prepare_smart_fill_query(values)
        filled = {str(name) for name in values.get("filled") or ()}
        found, problems = self._ask_smart_fill_providers(query, filled)
        finds = []
        for find in found:
            if not find["values"] or find["values"] not in [other["values"] for other in finds]:
                finds.append(find)
        return {"finds": finds[:MOST_FINDS], "problems": problems}

    @api.model
    def _check_smart_fill(self):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only people of the company may ask what it knows of others."))
        self.browse().check_access("read")

    @api.model
    def _prepare_smart_fill_query(self, values):
        def text(name):
            value = values.get(name)
            return " ".join(value.split())[:200] if isinstance(value, str) else ""

        country_id, partner_id = values.get("country_id"), values.get("id")
        country = self.env["res.country"].browse(country_id if isinstance(country_id, int) else 0).exists()
        return SmartFillQuery(
            name=text("name"),
            vat=text("vat"),
            domain=get_domain_key(text("website")) or get_domain_key(text("email")) or "",
            country=country.code or self.env.company.country_id.code or "",
            partner_id=partner_id if isinstance(partner_id, int) else 0,
        )

    @api.model
    def _ask_smart_fill_providers(self, query, filled):
        """
        :return: what is shown of each find, and words about those who did not answer
        :rtype: tuple[list[dict], list[str]]
        """
        found, problems, until = [], [], time.monotonic() + PATIENCE
        for name, method in self._get_smart_fill_providers() if any(query[:3]) else ():
            label = name if isinstance(name, str) else name._translate(self.env.lang or "en_US")
            left = until - time.monotonic()
            if left <= 0:
                problems.append(self.env._("%(provider)s was not asked: others took too long.", provider=label))
                continue
            try:
                # What it did before it failed is undone.
                with self.env.cr.savepoint():
                    finds = [self._prepare_smart_fill(find, filled) for find in getattr(self, method)(query, left)]
                found += [find for find in finds if find]
            except OperationalError:
                # A conflict with another transaction: all is tried again.
                raise
            except Timeout:
                problems.append(self.env._("%(provider)s did not answer in time.", provider=label))
            except Exception:  # pylint: disable=broad-exception-caught  # whatever a provider does, the form stays
                _logger.warning("Smart fill: provider %s failed", method, exc_info=True)
                problems.append(self.env._("%(provider)s could not be asked. The log says why.", provider=label))
        return found, problems

    # === Showing === #

    @api.model
    def _prepare_smart_fill(self, find, filled):
        """
        :param set filled: names of the fields that stay as they are
        :return: None for an answer with nothing to take or open
        :rtype: dict | None
        """
        names = [name for name in self._get_smart_fill_fields() if find.values.get(name) and name not in filled]
        values = [self._prepare_smart_fill_value(name, find.values[name]) for name in names if name in self._fields]
        values = [value for value in values if value]
        if not values and not find.existing_id:
            return None
        return {"label": str(find.label), "existing_id": find.existing_id, "values": values}

    @api.model
    def _prepare_smart_fill_value(self, name, value):
        field = self._fields[name]
        if not self._has_field_access(field, "write"):
            return None
        if field.type == "many2one":
            record = self.env[field.comodel_name].browse(int(value)).exists()
            if not record:
                return None
            value, text = {"id": record.id, "display_name": record.display_name}, record.display_name
        elif field.type == "selection":
            text = dict(field._description_selection(self.env)).get(value)
            if not text:
                return None
        else:
            value = text = str(value)[:500]
        return {"name": name, "label": field._description_string(self.env), "value": value, "text": text}
