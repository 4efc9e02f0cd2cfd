from collections import defaultdict

from markupsafe import Markup

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL, clean_context

from .sales_customer_import_lookup import GROWING

#: Records that are created at once.
BATCH = 500
#: Nobody follows, hears or reads of what comes from a file: it happened long ago.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
}
#: Fields of a customer by column, those that a row can fill on a customer who is there.
CUSTOMER_FIELDS = {
    "name": "name",
    "ref": "ref",
    "vat": "vat",
    "phone": "phone",
    "email": "email",
    "website": "website",
    "country": "country_id",
    "state": "state_id",
    "city": "city",
    "zip": "zip",
    "street": "street",
    "industry": "industry_id",
    "company_size": "company_size",
    "tier": "customer_tier_id",
    "user": "user_id",
    "tags": "category_id",
    "note": "comment",
}
CONTACT_FIELDS = {"name": "name", "function": "function", "phone": "phone", "email": "email", "note": "comment"}
DEAL_FIELDS = {
    "number": "deal_number",
    "name": "name",
    "stage": "stage_id",
    "revenue": "expected_revenue",
    "deadline": "date_deadline",
    "opened_on": "deal_opened_on",
    "user": "user_id",
    "team": "team_id",
    "source": "source_id",
    "lost_reason": "lost_reason_id",
    "note": "description",
}
FIELDS = {"customer": CUSTOMER_FIELDS, "contact": CONTACT_FIELDS, "deal": DEAL_FIELDS}
MODELS = {"customer": "res.partner", "contact": "res.partner", "deal": "crm.lead"}
#: A deal that is there keeps its number, stage and end.
NOT_FILLED = frozenset({"number", "stage", "lost_reason", "opened_on"})


class SalesCustomerImport(models.Model):
    """From checked rows to records, batch by batch in one transaction."""

    _inherit = "sales.customer.import"

    def _import_rows(self):
        # Defaults of the window in which somebody clicks are not for what a file brings.
        record = self.with_env(self.env(context={**clean_context(self.env.context), **QUIET}))
        # sudo: nobody writes by hand what an import found
        lines = record.sudo().line_ids
        taken = lines.filtered(
            lambda line: line.state == "new" or (line.state == "duplicate" and line.choice != "skip")
        )
        if not taken:
            raise UserError(self.env._("%(name)s has no row to import.", name=self.display_name))
        record._grow_lists(taken)
        found = record._get_skipped(lines - taken)
        for kind in ("customer", "contact", "deal"):
            record._write_kind(kind, taken.filtered(lambda line, kind=kind: line.kind == kind), found)
        touched = record._write_follow_ups(taken.filtered(lambda line: line.kind == "follow_up"), found)
        record._note_imported_contacts(taken, found, touched)
        record.env.flush_all()
        record.sudo().write({"state": "imported", "imported_at": self.env.cr.now()})

    def _get_skipped(self, lines):
        """Records that rows stand for which are left out, by sheet and row; a row that repeats another is looked up
        when its turn comes."""
        found = {"customer": {}, "contact": {}, "deal": {}}
        for line in lines:
            if line.kind in found and line.match_id:
                found[line.kind][line.row] = line.match_id
        return {**found, "repeats": {(line.kind, line.row): line.match_row for line in lines if line.match_row}}

    def _find_record_id(self, found, kind, link):
        """:return: id of the record that a link of a row leads to, or ``None``"""
        origin, number = link
        if origin == "id":
            return number
        while number not in found[kind] and (kind, number) in found["repeats"]:
            number = found["repeats"][kind, number]
        return found[kind].get(number)

    # === Lists === #

    def _grow_lists(self, lines):
        """Create what tags, industries, sources and reasons lack, and put the ids in place of the words."""
        words = defaultdict(dict)
        for line in lines:
            for name in GROWING:
                values = line.data["cells"].get(name)
                for value in values if isinstance(values, list) else [values]:
                    if isinstance(value, str):
                        words[name].setdefault(value.casefold(), value)
        for name, found in words.items():
            # sudo: who imports customers may bring the words of their lists, which core lets administrators add
            records = self.env[GROWING[name]].sudo().create([{"name": value} for value in found.values()])
            ids = dict(zip(found, records.ids, strict=True))
            self.sudo().env["sales.customer.import.line"].create(
                [self._prepare_value_line(record) for record in records]
            )
            for line in lines:
                cells = line.data["cells"]
                if name in cells:
                    value = cells[name]
                    line.data = {**line.data, "cells": {**cells, name: self._swap(value, ids)}}

    def _swap(self, value, ids):
        if isinstance(value, list):
            return [self._swap(part, ids) for part in value]
        return ids[value.casefold()] if isinstance(value, str) else value

    def _prepare_value_line(self, record):
        return {
            "import_id": self.id,
            "kind": "value",
            "name": record.name,
            "state": "imported",
            "res_model": record._name,
            "res_id": record.id,
        }

    # === Customers, contacts, deals === #

    def _write_kind(self, kind, lines, found):
        # A line reads its record by itself, whatever the batch.
        filled = lines.filtered(lambda line: line.state == "duplicate" and line.choice == "update" and line.match_id)
        self._fill_kind(kind, filled, found)
        created = lines - filled
        if kind == "contact":
            # Contacts of customers who are there take over what core gives them, one by one.
            new = created.filtered(lambda line: line.data["customer"][0] == "row")
            self._create_kind(kind, created - new, found)
            self.with_context(_partners_skip_fields_sync=True)._create_kind(kind, new, found)
        else:
            self._create_kind(kind, created, found)

    def _create_kind(self, kind, lines, found):
        model = self.env[MODELS[kind]]
        for start in range(0, len(lines), BATCH):
            batch = lines[start : start + BATCH]
            vals_list = getattr(self, f"_prepare_{kind}s")(batch, found)
            try:
                with self.env["crm.lead"]._importing():
                    records = model.create(vals_list)
            except UserError as error:
                raise UserError(self._describe_refusal(batch, error)) from error
            if kind == "deal":
                self._follow_deals(records)
            for line, record in zip(batch, records, strict=True):
                line.write({"state": "imported", "res_model": model._name, "res_id": record.id})
                found[kind][line.row] = record.id
            self.env.flush_all()

    def _describe_refusal(self, lines, error):
        """Where in the file stands what a rule of the database refuses, which no check of cells could know."""
        kinds = dict(lines._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(sheet)s, rows %(first)s to %(last)s: %(problem)s\n\nNothing was imported. Correct the file, and check "
            "it again.",
            sheet=kinds[lines[0].kind],
            first=min(lines.mapped("row")),
            last=max(lines.mapped("row")),
            problem=error,
        )

    def _prepare_customers(self, lines, found):
        return [{**self._get_values(line), "is_company": True, "customer_rank": 1, "type": "contact"} for line in lines]

    def _prepare_contacts(self, lines, found):
        # What core copies from a company to its people, of what a row can say.
        own = set(CUSTOMER_FIELDS.values())
        partners = self.env["res.partner"]
        shared = own.intersection([*partners._commercial_fields(), *partners._address_fields()])
        is_synced = not self.env.context.get("_partners_skip_fields_sync")
        ids = [self._find_record_id(found, "customer", line.data["customer"]) for line in lines]
        vals_list = []
        for line, customer in zip(lines, self.env["res.partner"].browse(ids), strict=True):
            names = [] if is_synced else [name for name in shared if customer[name]]
            vals = customer._convert_fields_to_values(names)
            vals |= {**self._get_values(line), "parent_id": customer.id, "type": "contact", "is_company": False}
            vals_list.append(vals)
        return vals_list

    def _prepare_deals(self, lines, found):
        ids = [self._find_record_id(found, "customer", line.data["customer"]) for line in lines]
        customers = self.env["res.partner"].browse(ids)
        vals_list = [self._prepare_deal(line, customer) for line, customer in zip(lines, customers, strict=True)]
        # Core would look for the team of a salesperson deal by deal.
        teams = {}
        for vals in vals_list:
            user_id = vals["user_id"]
            if user_id and user_id not in teams:
                domain = [("use_opportunities", "=", True)]
                teams[user_id] = self.env["crm.team"]._get_default_team_id(user_id=user_id, domain=domain).id
            vals.setdefault("team_id", teams.get(user_id, False))
        return vals_list

    def _prepare_deal(self, line, customer):
        vals = {
            # Whom nobody is named for is the customer's salesperson's, and not of who imports.
            "user_id": customer.user_id.id if self.company_id in customer.user_id.company_ids else False,
            **self._get_values(line),
            "type": "opportunity",
            "partner_id": customer.id,
            "company_id": self.company_id.id,
        }
        if line.data["cells"].get("lost"):
            vals |= {"active": False, "probability": 0}
        if "iap_enrich_done" in self.env["crm.lead"]._fields:
            # Nothing of it is sent to a provider.
            vals["iap_enrich_done"] = True
        return vals

    def _get_values(self, line):
        """:return: values of a record by what its row says"""
        vals = {}
        for key, name in FIELDS[line.kind].items():
            value = line.data["cells"].get(key)
            if value not in (None, ""):
                vals[name] = self._convert(key, value)
        return vals

    def _convert(self, key, value):
        if key == "tags":
            return [Command.set(value)]
        return self._write_html(value) if key == "note" else value

    def _write_html(self, text):
        return Markup("<p>%s</p>") % Markup("<br/>").join(text.split("\n"))

    def _follow_deals(self, leads):
        """Let salespeople follow their deals, without a word to them: in one go, and not deal by deal."""
        by_user = defaultdict(list)
        for lead in leads:
            by_user[lead.user_id.partner_id.id].append(lead.id)
        for partner_id, ids in by_user.items():
            if partner_id:
                # sudo: as core does it for whoever is made the salesperson
                self.env["mail.followers"].sudo()._insert_followers(
                    "crm.lead", ids, [partner_id], subtypes=None, customer_ids=[], check_existing=False
                )

    def _fill_kind(self, kind, lines, found):
        """Give records that are there what they lack, and keep what was filled."""
        model = self.env[MODELS[kind]]
        records = model.browse(dict.fromkeys(line.match_id for line in lines)).exists()
        by_id = {record.id: record for record in records}
        kept = {FIELDS[kind].get(key) for key in NOT_FILLED}
        # Two rows may fill one record: the second sees what the first filled.
        for line in lines:
            record = by_id.get(line.match_id)
            found[kind][line.row] = line.match_id
            if not record:
                line.write({"state": "error", "message": self.env._("The record that it is known as is gone.")})
                continue
            vals = self._get_values(line)
            vals = {name: value for name, value in vals.items() if not record[name] and name not in kept}
            if vals:
                record.write(vals)
            line.write(
                {
                    "state": "imported",
                    "res_model": model._name,
                    "res_id": record.id,
                    "filled": {name: self._remember(record, name) for name in vals},
                }
            )

    def _remember(self, record, name):
        """:return: a value in the words of JSON, to be compared when it is put back"""
        field, value = record._fields[name], record[name]
        if field.relational:
            return value.ids
        return str(value) if not isinstance(value, int | float | bool) else value

    # === Contacts with customers === #

    def _note_imported_contacts(self, lines, found, touched):
        """Let the pool count from what was imported.

        :param list touched: customers and moments of follow-ups
        """
        moments = list(touched)
        moments += [
            (found["customer"][line.row], line.data["cells"]["last_contact"])
            for line in lines
            if line.kind == "customer" and line.data["cells"].get("last_contact")
        ]
        if not moments:
            return
        # sudo: a contact counts, whoever of us had it
        partners = self.env["res.partner"].sudo().browse(dict.fromkeys(partner_id for partner_id, _moment in moments))
        customers = partners.commercial_partner_id
        created = {line.res_id for line in lines if line.kind == "customer" and not line.filled}
        before = {customer.id: customer.last_contact_at for customer in customers if customer.id not in created}
        ids, dates = map(list, zip(*moments, strict=True))
        partners._note_contacts(SQL("SELECT unnest(%s::int[]), unnest(%s::timestamp[])", ids, dates))
        customers.filtered(lambda customer: customer.id in created)._count_pool_from_contact()
        self.sudo().contacts_before = {
            str(customer_id): [str(value or ""), str(customers.browse(customer_id).last_contact_at or "")]
            for customer_id, value in before.items()
        }
