from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class CustomerDocument(NamedTuple):
    """Where the customer of a document stands, and whose the document is: names of fields, all of them columns.

    ``kinds`` limits it to documents whose field has one of the values: who reads no others learns of no customer there.
    """

    model: str
    partner: str
    user: str
    team: str = ""
    kinds: tuple = ()


class ResPartner(models.Model):
    """Customers that one sees: one's own, nobody's, and those on documents that one may read."""

    _inherit = "res.partner"

    # === ORM === #

    def web_save(self, vals, specification, next_id=None):
        """Who gives a customer away sees it no more: nothing is read back then, rather than all be refused."""
        if "user_id" not in vals or next_id or self.env.user._get_customer_visibility() == "all":
            return super().web_save(vals, specification, next_id=next_id)
        [saved] = super().web_save(vals, {})
        self.env.invalidate_all()
        partner = self.browse(saved["id"])
        if partner._filtered_access("read"):
            return partner.with_context(bin_size=True).web_read(specification)
        partner._tell_given_away()
        return []

    def _tell_given_away(self):
        """Say why the customer is gone from the screen: the web client can only tell that it does not find it."""
        partner = self.sudo()  # sudo: who gave it away knows its name
        message = self.env._(
            "%(customer)s is with %(owner)s now, and was saved. You see it no more.",
            customer=partner.display_name,
            owner=partner.user_id.name,
        )
        self.env.user._bus_send("simple_notification", {"type": "info", "message": message, "sticky": True})

    # === Computes === #

    def _compute_same_vat_partner_id(self):
        """Core names whoever has the same tax ID, to everybody: not those who are hidden from the user."""
        result = super()._compute_same_vat_partner_id()
        if self.env["res.company"]._get_limited_company_ids() and not self.env.su:
            for name in ("same_vat_partner_id", "same_company_registry_partner_id"):
                found = self[name].with_env(self.env)
                hidden = found - found._filtered_access("read")
                self.filtered(lambda partner, name=name, hidden=hidden: partner[name] & hidden)[name] = False
        return result

    # === Hooks === #

    def _write_partner(self, vals):
        if "user_id" not in vals or self.env.su or self.env.user._get_customer_visibility() == "all":
            return super()._write_partner(vals)
        self.check_access("write")
        others = {name: value for name, value in vals.items() if name != "user_id"}
        if others:
            super()._write_partner(others)
        # sudo: checked above; core reads it again once it is given away, when its former owner sees it no more.
        return super(ResPartner, self.sudo())._write_partner({"user_id": vals["user_id"]})

    @api.model
    def _get_customer_documents(self):
        """Documents on which salespeople see customers: their own, and those of nobody, as core's rules have it.

        To override: add those of yours that a salesperson opens.

        :rtype: list[CustomerDocument]
        """
        sold = ("move_type", ("out_invoice", "out_refund"))
        return [
            CustomerDocument("crm.lead", "partner_id", "user_id", "team_id"),
            CustomerDocument("sale.order", "partner_id", "user_id", "team_id"),
            CustomerDocument("sale.order", "partner_invoice_id", "user_id", "team_id"),
            CustomerDocument("sale.order", "partner_shipping_id", "user_id", "team_id"),
            CustomerDocument("account.move", "partner_id", "invoice_user_id", "team_id", sold),
        ]

    # === The rule === #

    @api.model
    def _get_visible_customer_condition(self, alias, level, user_id, company_ids):
        """Which rows of partners a salesperson sees. Whose a contact is, its company says, and who sees one of its
        contacts on a document sees all.

        Of a few partners, each is looked up by the indexes of documents; a search makes a table of what the salesperson
        has, once for all. Asked the other way round, either takes a hundred times as long.

        :param str alias: of the table of partners in the query
        :param str level: ``team`` or ``own``
        :param int user_id: id of the salesperson
        :param list company_ids: ids of the companies of the salesperson
        :rtype: SQL
        """
        # Access to records is checked by a search on these; a search of the user is one on none.
        matches = self._match_one if self.ids else self._match_many
        partner, user, company = self.sudo(), self.env["res.users"].sudo(), self.env["res.company"].sudo()
        commercial = partner._field_to_sql(alias, "commercial_partner_id")
        persons, teams = self._get_visible_persons(level, user_id)
        owner = partner._field_to_sql("owned", "user_id")
        conditions = [
            SQL("%s IS NOT TRUE", partner._field_to_sql(alias, "partner_share")),
            SQL(
                "(%(commercial)s IS NULL AND (%(own)s IS NULL OR %(own)s = ANY(%(persons)s)))",
                commercial=commercial,
                own=partner._field_to_sql(alias, "user_id"),
                persons=persons,
            ),
            matches(
                commercial,
                SQL.identifier("owned", "id"),
                SQL("res_partner owned"),
                SQL("(%(owner)s IS NULL OR %(owner)s = ANY(%(persons)s))", owner=owner, persons=persons),
            ),
            # Colleagues who left are no customers either.
            matches(
                SQL.identifier(alias, "id"),
                user._field_to_sql("person", "partner_id"),
                SQL("res_users person"),
                SQL("%s IS NOT TRUE", user._field_to_sql("person", "share")),
            ),
            matches(commercial, company._field_to_sql("own", "partner_id"), SQL("res_company own"), SQL("TRUE")),
            self._match_documents(commercial, matches, user_id, teams, company_ids),
        ]
        return SQL("(%s)", SQL(" OR ").join(conditions))

    @api.model
    def _match_one(self, value, column, table, condition):
        return SQL("EXISTS (SELECT FROM %s WHERE %s = %s AND %s)", table, column, value, condition)

    @api.model
    def _match_many(self, value, column, table, condition):
        # One that is null among them would cost PostgreSQL a search of its own for each row.
        return SQL("%s IN (SELECT %s FROM %s WHERE %s AND %s IS NOT NULL)", value, column, table, condition, column)

    @api.model
    def _match_documents(self, commercial, matches, user_id, teams, company_ids):
        """Partners of companies with a contact on a document that the salesperson may read."""
        documents = [
            (document, self._get_visible_document_condition(document, user_id, teams, company_ids))
            for document in self._get_customer_documents()
        ]
        contact = self.sudo()._field_to_sql("contact", "commercial_partner_id")
        columns = [
            (
                self.env[document.model].sudo()._field_to_sql("document", document.partner),
                SQL("%s document", SQL.identifier(self.env[document.model]._table)),
                condition,
            )
            for document, condition in documents
        ]
        found = [matches(SQL.identifier("contact", "id"), *column) for column in columns]
        return matches(commercial, contact, SQL("res_partner contact"), SQL("(%s)", SQL(" OR ").join(found)))

    @api.model
    def _get_visible_persons(self, level, user_id):
        """:return: arrays of the ids of those whose customers one sees, and of the teams whose documents one sees
        :rtype: tuple[SQL, SQL]
        """
        if level != "team":
            return SQL("ARRAY[%s]", user_id), SQL("ARRAY[]::integer[]")
        team, member = self.env["crm.team"].sudo(), self.env["crm.team.member"].sudo()
        of_team = SQL(
            """SELECT team.id FROM crm_team team
                WHERE %(leader)s = %(user)s
                   OR EXISTS (SELECT FROM crm_team_member member
                               WHERE %(team)s = team.id AND %(member)s = %(user)s AND %(active)s)""",
            leader=team._field_to_sql("team", "user_id"),
            team=member._field_to_sql("member", "crm_team_id"),
            member=member._field_to_sql("member", "user_id"),
            active=member._field_to_sql("member", "active"),
            user=user_id,
        )
        persons = SQL(
            """SELECT %(user)s
                UNION SELECT team.user_id FROM crm_team team WHERE team.user_id IS NOT NULL AND team.id IN (%(teams)s)
                UNION SELECT member.user_id FROM crm_team_member member
                       WHERE member.active AND member.crm_team_id IN (%(teams)s)""",
            user=user_id,
            teams=of_team,
        )
        return SQL("ARRAY(%s)", persons), SQL("ARRAY(%s)", of_team)

    @api.model
    def _get_visible_document_condition(self, document, user_id, teams, company_ids):
        """Which documents a salesperson may read: own ones, those of nobody, and those of the teams."""
        model = self.env[document.model].sudo()
        user = model._field_to_sql("document", document.user)
        company = model._field_to_sql("document", "company_id")
        conditions = [
            SQL("(%(company)s IS NULL OR %(company)s = ANY(%(ids)s))", company=company, ids=company_ids),
            SQL("(%(user)s = %(id)s OR %(user)s IS NULL)", user=user, id=user_id),
        ]
        if document.team:
            team = model._field_to_sql("document", document.team)
            conditions[-1] = SQL("(%s OR %s = ANY(%s))", conditions[-1], team, teams)
        if document.kinds:
            name, values = document.kinds
            conditions.append(SQL("%s IN %s", model._field_to_sql("document", name), tuple(values)))
        return SQL(" AND ").join(conditions)
