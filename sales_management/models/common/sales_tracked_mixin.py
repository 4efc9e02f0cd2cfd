from odoo import api, models
from odoo.fields import Command

#: Where the cursor keeps, until the commit, what lines were before they were changed.
LINES = "sales_management.lines"


class SalesTrackedMixin(models.AbstractModel):
    """Settings whose every change stands in their chatter with old and new value.

    Core tracks the fields of a record. It does not see that a line of it is changed, nor a translation.
    """

    _name = "sales.tracked.mixin"
    _inherit = ["mail.thread"]
    _description = "Settings with Tracked Lines"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        before = self.env.cr.precommit.data.get(f"{LINES}.{self._name}", {})
        # What a record begins with is no change, as in core's tracking.
        before.update(dict.fromkeys((key for key in before if key[0] in records._ids), None))
        return records

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        old = self._format_translations(self, field_name, translations)
        result = super()._update_field_translations(field_name, translations, digest, source_lang)
        if getattr(self._fields[field_name], "tracking", None):
            self._log_change(field_name, old, self._format_translations(self, field_name, translations))
        return result

    # === Lines === #

    def _track_lines(self, name):
        """Remember what lines are, before they change. What became of them is logged once, at the commit.

        :param str name: field that holds the lines
        """
        if self.env.context.get("tracking_disable") or self.env.context.get("mail_notrack"):
            return
        before = self.env.cr.precommit.data.setdefault(f"{LINES}.{self._name}", {})
        if self and not before:
            self.env.cr.precommit.add(self.browse()._log_lines)
        for record in self:
            if (record.id, name) not in before:
                before[record.id, name] = record._format_lines(name)

    def _format_lines(self, name):
        """What the lines are in the chatter. To override: say more of a line than its name.

        :rtype: str
        """
        self.ensure_one()
        return ", ".join(line.display_name for line in self[name].sorted())

    def _log_lines(self):
        before = self.env.cr.precommit.data.pop(f"{LINES}.{self._name}", {})
        kept = self.browse({id_ for (id_, _name), old in before.items() if old is not None}).exists()
        for (id_, name), old in before.items():
            record = kept.filtered(lambda kept_record, id_=id_: kept_record.id == id_)
            if record:
                record._log_change(name, old, record._format_lines(name))

    # === Tools === #

    def _log_change(self, name, old, new):
        """Log a change of a field by its texts.

        :param str name: the field
        :param str old: text before
        :param str new: text after; nothing is logged when it is the same
        """
        self.ensure_one()
        if old != new:
            field = self.env["ir.model.fields"]._get(self._name, name)
            kind = "text" if self._fields[name].type in ("text", "html") else "char"
            values = {"field_id": field.id, f"old_value_{kind}": old, f"new_value_{kind}": new}
            self._message_log(tracking_value_ids=[Command.create(values)])

    @api.model
    def _format_translations(self, record, name, languages):
        """:return: what a translated text of a record is in some languages, as one text"""
        texts = ((code, record.with_context(lang=code)[name]) for code in sorted(languages))
        return ", ".join(f"{code}: {text}" for code, text in texts if text)
