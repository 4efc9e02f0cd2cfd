from collections import defaultdict

from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

#: What follows a record by itself, or came with the import: nobody used it by that.
NOT_USED_BY = frozenset(
    {
        "mail.followers",
        "mail.message",
        "mail.notification",
        "sales.customer.duplicate",
        "sales.customer.import",
        "sales.customer.import.line",
        "sales.customer.key",
        "sales.customer.value",
        "sales.stage.move",
    }
)
#: Last to first: what belongs to another goes before it.
ORDER = ("follow_up", "deal", "contact", "customer", "value")


class SalesCustomerImport(models.Model):
    """One undo: what nobody used since is removed, and the rest stays and says why."""

    _inherit = "sales.customer.import"

    def _undo_rows(self):
        """
        :return: how many rows stay
        :rtype: int
        """
        # sudo: core lets administrators alone delete what the import let a manager create, and lines are the import's
        record = self.sudo()
        lines = (record.line_ids | record.value_line_ids).filtered(lambda line: line.state == "imported")
        leaving = {(line.res_model, line.res_id) for line in lines if line.filled is False or line.filled is None}
        for kind in ORDER:
            of_kind = lines.filtered(lambda line, kind=kind: line.kind == kind)
            record._restore(of_kind.filtered(lambda line: line.filled not in (False, None)))
            created = of_kind.filtered(lambda line: line.filled in (False, None))
            record._remove(created, leaving)
        record._restore_contacts()
        record.write({"state": "undone", "undone_at": fields.Datetime.now()})
        return len(lines.filtered(lambda line: line.state == "imported" and line.kind != "value"))

    # === Removing === #

    def _remove(self, lines, leaving):
        """Delete what these rows created, apart from what was used.

        :param set leaving: models and ids of all that the import created and is not kept
        """
        by_model = defaultdict(list)
        for line in lines:
            by_model[line.res_model].append(line)
        for model, found in by_model.items():
            records = self.env[model].with_context(active_test=False).browse([line.res_id for line in found])
            there = records.exists()
            uses = self._get_uses(there, leaving)
            for line in found:
                if line.res_id in uses:
                    leaving.discard((model, line.res_id))
                    line.message = self.env._("It stays: %(uses)s.", uses=", ".join(uses[line.res_id]))
                else:
                    line.state = "undone"
            there.filtered(lambda record, uses=uses: record.id not in uses).unlink()

    def _get_uses(self, records, leaving):
        """By what these records were used since: a constant number of queries, whatever their number.

        :return: words by id; those that nobody used are left out
        :rtype: dict[int, list[str]]
        """
        uses = defaultdict(list)
        if not records:
            return uses
        records.env.flush_all()
        if records._name != "mail.message":
            for record_id in self._get_changed_ids(records):
                uses[record_id].append(self.env._("it was changed"))
            for record_id in self._get_discussed_ids(records, leaving):
                uses[record_id].append(self.env._("somebody wrote on it"))
            for record_id in self._get_attached_ids(records):
                uses[record_id].append(self.env._("it has to-dos or files"))
        for model, found in self._get_referring(records).items():
            words = self.env["ir.model"]._get(model).name
            for record_id, other_id in found:
                if (model, other_id) not in leaving and words not in uses[record_id]:
                    uses[record_id].append(words)
        return {record_id: words for record_id, words in uses.items() if words}

    def _get_changed_ids(self, records):
        """Those that a person wrote on after the import; what the system computes each night changes nothing."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = ANY(%s) AND write_date > %s AND write_uid != %s",
                SQL.identifier(records._table),
                list(records.ids),
                # Moments are kept to the second.
                fields.Datetime.add(self.imported_at, seconds=1),
                SUPERUSER_ID,
            )
        )
        return [record_id for (record_id,) in rows]

    def _get_discussed_ids(self, records, leaving):
        root_id = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, res_id FROM mail_message
                 WHERE model = %s AND res_id = ANY(%s) AND author_id IS DISTINCT FROM %s
                """,
                records._name,
                list(records.ids),
                root_id,
            )
        )
        own = {line.res_id for line in self.line_ids if line.res_model == "mail.message"}
        return {res_id for message_id, res_id in rows if message_id not in own}

    def _get_attached_ids(self, records):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_id FROM mail_activity
                 WHERE res_model = %(model)s AND res_id = ANY(%(ids)s) AND NOT COALESCE(automated, FALSE)
                 UNION
                SELECT res_id FROM ir_attachment
                 WHERE res_model = %(model)s AND res_id = ANY(%(ids)s) AND res_field IS NULL
                """,
                model=records._name,
                ids=list(records.ids),
            )
        )
        return {record_id for (record_id,) in rows}

    def _get_referring(self, records):
        """Records of whatever model that point to these, by model: pairs of one of these and of one that points to it.

        :rtype: dict[str, list[tuple]]
        """
        found = defaultdict(list)
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto or name in NOT_USED_BY:
                continue
            for field in model._fields.values():
                if field.comodel_name != records._name or not field.store or field.name == "commercial_partner_id":
                    continue
                if query := self._prepare_referring(model, field, records):
                    found[name] += self.env.execute_query(query)
        return found

    def _prepare_referring(self, model, field, records):
        ids = list(records.ids)
        if field.type == "many2one" and field.column_type:
            column, table = SQL.identifier(field.name), SQL.identifier(model._table)
            if field.company_dependent:
                return None
            return SQL("SELECT %s, id FROM %s WHERE %s = ANY(%s)", column, table, column, ids)
        if field.type == "many2many" and field.relation:
            return SQL(
                "SELECT %s, %s FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(field.column2),
                SQL.identifier(field.column1),
                SQL.identifier(field.relation),
                SQL.identifier(field.column2),
                ids,
            )
        return None

    # === Putting back === #

    def _restore(self, lines):
        """Empty again what the import filled, where it still says the same."""
        for line in lines:
            record = self.env[line.res_model].browse(line.res_id).exists()
            kept = [name for name, value in line.filled.items() if record and self._remember(record, name) != value]
            vals = {name: False for name in line.filled if record and name not in kept}
            if vals:
                record.with_context(tracking_disable=True).write(vals)
            if kept:
                words = ", ".join(record._fields[name]._description_string(self.env) for name in kept)
                line.message = self.env._("It stays, as it was changed: %(fields)s.", fields=words)
            else:
                line.state = "undone"

    def _restore_contacts(self):
        """Put last contacts back of customers that were there, where nobody was in touch since."""
        before = {int(customer_id): values for customer_id, values in (self.contacts_before or {}).items()}
        customers = self.env["res.partner"].browse(before).exists()
        by_value = defaultdict(list)
        for customer in customers:
            former, imported = before[customer.id]
            if str(customer.last_contact_at or "") == imported != former:
                by_value[former].append(customer.id)
        for former, ids in by_value.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET last_contact_at = %s WHERE id = ANY(%s)",
                    fields.Datetime.to_datetime(former) or None,
                    ids,
                )
            )
        customers.invalidate_recordset(["last_contact_at", "pool_due_on", "is_contact_due"], flush=False)
