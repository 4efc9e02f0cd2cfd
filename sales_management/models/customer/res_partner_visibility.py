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
        visible = self.browse(saved["id"])._filtered_access("read")
        return visible.with_context(bin_size=True).web_read(specification) if visible else []

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

        Each document is looked for from the contact, by the index of its column; where many contacts are asked for,
        PostgreSQL makes a hash table of the salesperson's documents instead.

        :param str alias: of the table of partners in the query
        :param str level: ``team`` or ``own``
        :param int user_id: id of the salesperson
        :param list company_ids: ids of the companies of the salesperson
        :rtype: SQL
        """
        persons, teams = self._get_visible_persons(level, user_id)
        return SQL(
            """(
                %(share)s IS NOT TRUE
                OR %(commercial)s IS NULL
                OR COALESCE((SELECT %(owner)s FROM res_partner owner WHERE owner.id = %(commercial)s), 0)
                   = ANY(%(persons)s || 0)
                OR EXISTS (SELECT FROM res_users person
                            WHERE %(person)s = %(id)s AND %(outsider)s IS NOT TRUE)
                OR EXISTS (SELECT FROM res_company company WHERE company.partner_id = %(commercial)s)
                OR EXISTS (SELECT FROM res_partner contact
                            WHERE contact.commercial_partner_id = %(commercial)s
                              AND (%(documents)s))
            )""",
            id=SQL.identifier(alias, "id"),
            share=self.sudo()._field_to_sql(alias, "partner_share"),
            commercial=self.sudo()._field_to_sql(alias, "commercial_partner_id"),
            owner=self.sudo()._field_to_sql("owner", "user_id"),
            person=self.env["res.users"].sudo()._field_to_sql("person", "partner_id"),
            outsider=self.env["res.users"].sudo()._field_to_sql("person", "share"),
            persons=persons,
            documents=SQL(" OR ").join(
                self._get_visible_document_condition(document, user_id, teams, company_ids)
                for document in self._get_customer_documents()
            ),
        )

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
        model = self.env[document.model].sudo()
        if not document.team:
            of_team = SQL("FALSE")
        else:
            of_team = SQL("%s = ANY(%s)", model._field_to_sql("document", document.team), teams)
        kinds = SQL("TRUE")
        if document.kinds:
            name, values = document.kinds
            kinds = SQL("%s IN %s", model._field_to_sql("document", name), tuple(values))
        user = model._field_to_sql("document", document.user)
        company = model._field_to_sql("document", "company_id")
        return SQL(
            """EXISTS (SELECT FROM %(table)s document
                        WHERE %(partner)s = contact.id
                          AND (%(user)s = %(user_id)s OR %(user)s IS NULL OR %(of_team)s)
                          AND (%(company)s IS NULL OR %(company)s = ANY(%(company_ids)s))
                          AND %(kinds)s)""",
            table=SQL.identifier(model._table),
            partner=model._field_to_sql("document", document.partner),
            user=user,
            user_id=user_id,
            of_team=of_team,
            company=company,
            company_ids=company_ids,
            kinds=kinds,
        )
