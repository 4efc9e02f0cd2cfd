from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_management.tools.company_name import normalize_company_name
from odoo.addons.sales_management.tools.contact_key import get_domain_key, get_email_key, get_phone_key, get_vat_key

#: Records that share a key before it tells nothing: a switchboard, an address typed for everybody.
CROWD = 20


class KeyRow(NamedTuple):
    """A key of a customer or lead. ``root`` is the company that a partner belongs to, 0 for a lead without customer."""

    kind: str
    value: str
    partner: int
    lead: int
    root: int


class SalesCustomerKey(models.Model):
    """By what customers and leads are known again: an index that nobody reads but the search for duplicates.

    Rows are written by SQL beside each save, for a record of the ORM would cost more than the search itself.
    """

    _name = "sales.customer.key"
    _description = "Key of a Customer"
    _log_access = False

    kind = fields.Selection(
        [
            ("vat", "Tax ID"),
            ("phone", "Telephone Number"),
            ("email", "Email Address"),
            ("domain", "Email Domain"),
            ("name", "Company Name"),
        ],
        required=True,
        readonly=True,
    )
    value = fields.Char(required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade", index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", readonly=True, ondelete="cascade", index="btree_not_null")
    root_id = fields.Integer(readonly=True, help="Company that the contact or the lead belongs to.")

    _kind_value_idx = models.Index("(kind, value)")

    # === Keeping === #

    @api.model
    def _replace(self, rows, partners=(), leads=()):
        """Let these rows be all that is known of partners and leads.

        :param list[KeyRow] rows: keys
        :param Iterable[int] partners: ids whose former rows go
        :param Iterable[int] leads: ids whose former rows go
        """
        self.env.cr.execute(
            SQL(
                "DELETE FROM sales_customer_key WHERE partner_id = ANY(%s) OR lead_id = ANY(%s)",
                list(partners),
                list(leads),
            )
        )
        self._insert(rows)

    @api.model
    def _insert(self, rows):
        rows = list(dict.fromkeys(rows))
        if not rows:
            return
        kinds, values, partners, leads, roots = map(list, zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sales_customer_key (kind, value, partner_id, lead_id, root_id)
                     SELECT kind, value, NULLIF(partner, 0), NULLIF(lead, 0), root
                       FROM unnest(%s::varchar[], %s::varchar[], %s::int[], %s::int[], %s::int[])
                         AS row (kind, value, partner, lead, root)
                """,
                kinds,
                values,
                partners,
                leads,
                roots,
            )
        )

    # === Keys === #

    @api.model
    def _get_keys(self, vat="", phone="", email="", website="", name="", country=""):
        """By what somebody is known again.

        :param str country: code of the country, for telephone and tax numbers that name none
        :return: value by kind; only those that tell something
        :rtype: dict[str, str]
        """
        keys = {
            "vat": get_vat_key(vat, country) if vat else None,
            "phone": get_phone_key(phone, country) if phone else None,
            "email": get_email_key(email) if email else None,
            "domain": (get_domain_key(website) if website else None) or (get_domain_key(email) if email else None),
            "name": normalize_company_name(name) if name else None,
        }
        return {kind: value for kind, value in keys.items() if value}

    # === Looking up === #

    @api.model
    def _find_matches(self, partners=(), leads=()):
        """Who shares keys with these, other than their own company; what many share tells nothing.

        :param Iterable[int] partners: ids
        :param Iterable[int] leads: ids
        :return: id of the partner or lead asked for (0 for none), kind, and id of the partner or lead that was found
        :rtype: list[tuple]
        """
        query = SQL(
            """
            SELECT own.partner_id, own.lead_id, own.kind, other.partner_id, other.lead_id
              FROM sales_customer_key own
              JOIN LATERAL (
                   SELECT partner_id, lead_id, root_id, count(*) OVER () AS crowd
                     FROM (SELECT * FROM sales_customer_key found
                            WHERE found.kind = own.kind AND found.value = own.value LIMIT %(crowd)s + 1) found
                   ) other ON other.crowd <= %(crowd)s
             WHERE (own.partner_id = ANY(%(partners)s) OR own.lead_id = ANY(%(leads)s))
               AND (own.root_id = 0 OR other.root_id != own.root_id)
               AND (other.partner_id IS DISTINCT FROM own.partner_id OR other.lead_id IS DISTINCT FROM own.lead_id)
            """,
            crowd=CROWD,
            partners=list(partners),
            leads=list(leads),
        )
        return self.env.execute_query(query)
