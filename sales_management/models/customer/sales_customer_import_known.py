from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_management.tools.company_name import normalize_company_name
from odoo.addons.sales_management.tools.customer_sheet import simplify
from odoo.addons.sales_management.tools.duplicate_match import match_duplicates

from .sales_customer_key import CROWD

#: Records whose keys are made at once, where no index of them is kept.
BATCH = 2000
#: Keys that say who somebody is, however many rows share them.
SURE = dict.fromkeys(("ref", "vat", "name"), 10**9)


class SalesCustomerImport(models.Model):
    """Customers of a file that are there already, in the file or in the database, found by the keys of duplicates."""

    _inherit = "sales.customer.import"

    def _match_customers(self, rows):
        """Say of each row of customers as whom it is known. A constant number of queries, whatever the rows."""
        keys = self._get_row_keys(rows)
        wanted = {(kind, value) for found in keys.values() for kind, value in found.items()}
        known = self._find_known(wanted)
        names = self._get_key_words()
        reasons = self._find_in_file({row.number: keys[row.number] for row in rows if not row.problems})
        best = {}
        for row in rows:
            if row.problems:
                continue
            found = defaultdict(list)
            for key in keys[row.number].items():
                for partner_id in known.get(key, ()):
                    found[partner_id].append(key[0])
            if found:
                best[row.number] = min(found, key=lambda partner_id: (-len(found[partner_id]), partner_id))
                row.match = ("res.partner", best[row.number])
                row.words = ", ".join(names[kind] for kind in found[best[row.number]])
            elif row.number in reasons:
                row.match_row, kinds = reasons[row.number]
                row.words = self.env._(
                    "Row %(row)s has the same %(kinds)s.",
                    row=row.match_row,
                    kinds=", ".join(names[kind] for kind in kinds),
                )
        self._describe_known(rows)

    def _describe_known(self, rows):
        """Name the customers that rows are known as, and their owners."""
        partners = self.env["res.partner"].browse({row.match[1] for row in rows if row.match})
        readable = partners._filtered_access("read")
        for row in rows:
            if not row.match:
                continue
            partner = partners.browse(row.match[1])
            row.words = self.env._(
                "%(name)s, of %(owner)s, has the same %(kinds)s.",
                name=partner.name if partner in readable else self.env._("A customer"),
                owner=partner.sudo().user_id.name or self.env._("nobody"),  # sudo: the owner is no secret here
                kinds=row.words,
            )

    @api.model
    def _get_key_words(self):
        kinds = dict(self.env["sales.customer.key"]._fields["kind"]._description_selection(self.env))
        return {**kinds, "ref": self.env._("Reference")}

    def _get_row_keys(self, rows):
        default = self.company_id.country_id.code or ""
        codes = {country.id: country.code for country in self.env["res.country"].search_fetch([], ["code"])}
        keys = {}
        for row in rows:
            cells = row.cells
            found = self.env["sales.customer.key"]._get_keys(
                vat=cells.get("vat", ""),
                phone=cells.get("phone", ""),
                email=cells.get("email", ""),
                name=cells.get("name", ""),
                country=codes.get(cells.get("country"), default),
            )
            # A domain is that of all companies of a group: it tells nobody from another.
            found.pop("domain", None)
            if cells.get("ref"):
                found["ref"] = simplify(cells["ref"])
            keys[row.number] = found
        return keys

    @api.model
    def _find_in_file(self, keys):
        """:return: for rows that another one of the file says already: the number of that one, and the kinds of keys"""
        found = {}
        for group in match_duplicates(list(keys.items()), crowds=SURE).groups:
            first = min(group.ids)
            for number in group.ids:
                if number != first:
                    kinds = [reason.kind for reason in group.reasons if number in reason.ids]
                    found[number] = (first, list(dict.fromkeys(kinds)))
        return found

    # === In the database === #

    def _find_known(self, wanted):
        """Which customers have these keys.

        :param set wanted: kinds and values
        :return: ids of the customers as a whole, by key; what many share tells nothing
        :rtype: dict[tuple, set[int]]
        """
        found = defaultdict(set)
        indexed = {key for key in wanted if key[0] != "ref"}
        for kind, value, partner_id in self._find_indexed(indexed):
            found[kind, value].add(partner_id)
        found = {key: ids for key, ids in found.items() if len(ids) <= CROWD}
        refs = {value for kind, value in wanted if kind == "ref"}
        for partner in self._search_partners(Domain("ref", "!=", False) & Domain("parent_id", "=", False), ["ref"]):
            if refs and simplify(partner.ref) in refs:
                found.setdefault(("ref", simplify(partner.ref)), set()).add(partner.id)
        return found

    def _search_partners(self, domain, names):
        domain &= Domain("company_id", "in", [False, self.company_id.id])
        return self.env["res.partner"].search_fetch(domain, names, order="id")

    def _find_indexed(self, wanted):
        """:return: kind, value, and customer of each key that is wanted
        :rtype: list[tuple]
        """
        if not wanted:
            return []
        # sudo: whether the company looks for duplicates is no secret
        if self.company_id.sudo().customer_duplicate_mode == "off":
            return self._find_unindexed(wanted)
        kinds, values = map(list, zip(*wanted, strict=True))
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT key.kind, key.value, root.id
                  FROM unnest(%(kinds)s, %(values)s) AS wanted (kind, value)
                  JOIN sales_customer_key key ON key.kind = wanted.kind AND key.value = wanted.value
                  JOIN res_partner partner ON partner.id = key.partner_id
                  JOIN res_partner root ON root.id = COALESCE(NULLIF(key.root_id, 0), partner.id)
                 WHERE root.active AND COALESCE(root.company_id, %(company)s) = %(company)s
                """,
                kinds=kinds,
                values=values,
                company=self.company_id.id,
            )
        )

    def _find_unindexed(self, wanted):
        """The same where no index is kept: nothing is written, so each check makes the keys of all customers."""
        # sudo: a customer that one may not see is one all the same
        partners = self.env["res.partner"].sudo()
        domain = Domain("partner_share", "=", True) & Domain("type", "in", [False, "contact"])
        ids = partners.search(domain & Domain("company_id", "in", [False, self.company_id.id]), order="id").ids
        found = set()
        for start in range(0, len(ids), BATCH):
            batch = partners.browse(ids[start : start + BATCH])
            for key in batch._get_duplicate_keys():
                if (key.kind, key.value) in wanted:
                    found.add((key.kind, key.value, key.root or key.partner))
            batch.invalidate_recordset(flush=False)
        return list(found)

    def _find_by_words(self, words):
        """Which customers are called, or numbered, by these words.

        :return: ids by word; several where it does not tell which
        :rtype: dict[str, list[int]]
        """
        if not words:
            return {}
        names = {("name", key): word for word in words if (key := normalize_company_name(word))}
        by_name = defaultdict(set)
        for kind, value, partner_id in self._find_indexed(set(names)):
            by_name[kind, value].add(partner_id)
        simple = {simplify(word): word for word in words}
        exact = defaultdict(list)
        domain = Domain("parent_id", "=", False) & (Domain("ref", "!=", False) | Domain("name", "in", list(words)))
        partners = self._search_partners(domain, ["ref", "name"])
        for name in ("ref", "name"):
            taken = set(exact)
            for partner in partners:
                word = simple.get(simplify(partner[name] or ""))
                if word and word not in taken:
                    exact[word].append(partner.id)
        for word in words - set(exact):
            if ids := by_name.get(("name", normalize_company_name(word))):
                exact[word] = sorted(ids)
        return exact
