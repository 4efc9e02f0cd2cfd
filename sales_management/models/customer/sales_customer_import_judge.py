from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.sales_management.tools.customer_columns import KINDS
from odoo.addons.sales_management.tools.customer_sheet import simplify


class SalesCustomerImport(models.Model):
    """What the rows of the other sheets belong to, and which are known: found by number or name, in the file first."""

    _inherit = "sales.customer.import"

    def _judge_rows(self, rows, remarks):
        """Say of each row what it is.

        :param list[ImportRow] rows: as read
        :param list[str] remarks: on what was left out
        :return: the same, completed
        :rtype: tuple[list[ImportRow], list[str]]
        """
        self._parse_rows(rows)
        sheets = {key: [row for row in rows if row.kind == key] for key in KINDS}
        self._match_customers(sheets["customer"])
        self._link_customers(sheets["customer"], [*sheets["contact"], *sheets["deal"]])
        self._match_contacts(sheets)
        self._match_deals(sheets)
        self._link_follow_ups(sheets)
        self._match_follow_ups(sheets)
        for row in rows:
            row.values["cells"] = row.cells
        return rows, remarks

    # === What belongs to what === #

    def _link_customers(self, customers, rows):
        """Find the customer that rows name: a row of the file, or a record."""
        in_file = self._get_rows_by_word(customers, ("ref", "name"))
        words = {row.cells["customer"] for row in rows if row.cells.get("customer")}
        known = self._find_by_words({word for word in words if simplify(word) not in in_file})
        for row in rows:
            if row.cells.get("customer"):
                self._link(row, "customer", row.cells["customer"], in_file, known)

    def _link(self, row, name, word, in_file, known):
        column = KINDS[row.kind].by_key[name]
        found = in_file.get(simplify(word))
        if found:
            row.values["customer"] = ["row", found.number]
            if found.problems:
                self._add_problem(
                    row,
                    column,
                    self.env._("%(name)s has a problem itself, in row %(row)s.", name=word, row=found.number),
                )
            return
        ids = known.get(word, ())
        if len(ids) == 1:
            row.values["customer"] = ["id", ids[0]]
        elif ids:
            self._add_problem(
                row, column, self.env._("several customers are called %(name)s: write its reference.", name=word)
            )
        else:
            self._add_problem(
                row, column, self.env._("%(name)s is neither in the file nor in the database.", name=word)
            )

    def _get_rows_by_word(self, rows, names):
        """Rows by what they are numbered, else called: the first of each."""
        found = {}
        for name in names:
            for row in rows:
                if row.cells.get(name):
                    found.setdefault(simplify(row.cells[name]), row)
        return found

    def _get_owners(self, sheets, rows):
        """:return: who each of these rows belongs to, by number of the row
        :rtype: dict[int, tuple]
        """
        by_number = {row.number: row for row in sheets["customer"]}
        owners = {}
        for row in rows:
            link = row.values.get("customer")
            if not link:
                continue
            customer = by_number.get(link[1]) if link[0] == "row" else None
            while customer and not customer.match and customer.match_row:
                customer = by_number[customer.match_row]
            if customer:
                link = ("id", customer.match[1]) if customer.match else ("row", customer.number)
            owners[row.number] = tuple(link)
        return owners

    # === Contacts === #

    def _match_contacts(self, sheets):
        rows = sheets["contact"]
        owners = self._get_owners(sheets, rows)
        ids = {number for kind, number in owners.values() if kind == "id"}
        known = {}
        domain = Domain("parent_id", "in", list(ids)) & Domain("type", "in", [False, "contact"])
        for partner in self.env["res.partner"].search_fetch(domain, ["parent_id", "name", "email"], order="id"):
            for key in self._get_contact_keys(("id", partner.parent_id.id), partner.name, partner.email):
                known.setdefault(key, partner.id)
        self._match_by_keys(
            rows,
            "res.partner",
            known,
            lambda row: self._get_contact_keys(owners.get(row.number), row.cells.get("name"), row.cells.get("email")),
            self.env._("This contact is there already."),
        )

    def _get_contact_keys(self, owner, name, email):
        if not owner:
            return []
        return [(owner, part, simplify(value)) for part, value in (("name", name), ("email", email)) if value]

    def _match_by_keys(self, rows, model, known, get_keys, words, get_known_keys=None):
        """Match rows with records, else with an earlier row, that have one of their keys."""
        get_known_keys = get_known_keys or get_keys
        in_file = {}
        for row in rows:
            if row.problems:
                continue
            keys = get_keys(row)
            record_id = next((known[key] for key in get_known_keys(row) if key in known), None)
            earlier = next((in_file[key] for key in keys if key in in_file), None)
            if record_id:
                row.match, row.words = (model, record_id), words
            elif earlier:
                row.match_row = earlier
                row.words = self.env._("Row %(row)s says the same.", row=earlier)
            for key in keys:
                in_file.setdefault(key, row.number)

    # === Deals === #

    def _match_deals(self, sheets):
        rows = sheets["deal"]
        owners = self._get_owners(sheets, rows)
        leads = self.env["crm.lead"].with_context(active_test=False)
        numbers = {row.cells["number"] for row in rows if row.cells.get("number")}
        known = {("number", simplify(number)): lead.id for number, lead in leads._find_by_deal_numbers(numbers).items()}
        ids = [number for kind, number in owners.values() if kind == "id"]
        domain = Domain("partner_id", "in", list(set(ids))) & Domain("type", "=", "opportunity")
        for lead in leads.search_fetch(domain, ["partner_id", "name"], order="id"):
            known.setdefault(("title", ("id", lead.partner_id.id), simplify(lead.name)), lead.id)
        self._match_by_keys(
            rows,
            "crm.lead",
            known,
            lambda row: self._get_deal_keys(row, owners.get(row.number)),
            self.env._("This deal is there already."),
            lambda row: self._get_deal_keys(row, owners.get(row.number), "title"),
        )

    def _get_deal_keys(self, row, owner, name="day"):
        if row.cells.get("number"):
            return [("number", simplify(row.cells["number"]))]
        # In a file, deals that are called alike begin on different days, as somebody buys again.
        key = (name, owner, simplify(row.cells.get("name", "")))
        return [key if name == "title" else (*key, row.cells.get("opened_on"))]

    # === Follow-ups === #

    def _link_follow_ups(self, sheets):
        """Find the deal that a follow-up names, else the customer."""
        rows = [row for row in sheets["follow_up"] if row.cells.get("about")]
        deals = self._get_rows_by_word(sheets["deal"], ("number",))
        words = {row.cells["about"] for row in rows}
        leads = self.env["crm.lead"]._find_by_deal_numbers({word for word in words if simplify(word) not in deals})
        in_file = self._get_rows_by_word(sheets["customer"], ("ref", "name"))
        left = {word for word in words if simplify(word) not in deals and word not in leads}
        known = self._find_by_words({word for word in left if simplify(word) not in in_file})
        for row in rows:
            word = row.cells["about"]
            deal = deals.get(simplify(word))
            if deal:
                row.values["deal"] = ["row", deal.number]
                if deal.problems:
                    column = KINDS[row.kind].by_key["about"]
                    words = self.env._("%(name)s has a problem itself, in row %(row)s.", name=word, row=deal.number)
                    self._add_problem(row, column, words)
            elif word in leads:
                row.values["deal"] = ["id", leads[word].id]
            else:
                self._link(row, "about", word, in_file, known)

    def _match_follow_ups(self, sheets):
        rows = sheets["follow_up"]
        owners = {number: ("res.partner", *owner) for number, owner in self._get_owners(sheets, rows).items()}
        deals = {row.number: row for row in sheets["deal"]}
        for row in rows:
            if link := row.values.get("deal"):
                deal = deals.get(link[1]) if link[0] == "row" else None
                owners[row.number] = ("crm.lead", *(("id", deal.match[1]) if deal and deal.match else link))
        known = self._find_messages(rows, owners)
        self._match_by_keys(
            rows,
            "mail.message",
            known,
            lambda row: [(owners.get(row.number), row.cells.get("date"), simplify(row.cells.get("text", "")))],
            self.env._("This was written down already."),
        )

    def _find_messages(self, rows, owners):
        """What was written down already about these, at these moments."""
        known, ids = {}, defaultdict(set)
        for model, kind, record_id in owners.values():
            if kind == "id":
                ids[model].add(record_id)
        dates = list({row.cells["date"] for row in rows if row.cells.get("date")})
        for model, found in ids.items():
            domain = [("model", "=", model), ("res_id", "in", list(found)), ("date", "in", dates)]
            # sudo: who may import sees what is on customers; messages ask about each
            for message in self.env["mail.message"].sudo().search_fetch(domain, ["res_id", "date", "body"]):
                key = (model, "id", message.res_id), str(message.date)[:19]
                text = html2plaintext(message.body or "").strip()
                # How somebody was in touch may stand above what was said.
                for part in (text, text.partition("\n")[2]):
                    known.setdefault((*key, simplify(part)), message.id)
        return known
