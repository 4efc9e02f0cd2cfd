from odoo import api, fields, models


class SalesProcessTemplateLine(models.AbstractModel):
    """A line of a process template, and the records that it became, by which it is found again.

    Inheriting models add ``applied_ids``, a many2many to the model that they become.
    """

    _name = "sales.process.template.line"
    _description = "Line of a Process Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)

    # === Hooks === #

    @api.model
    def _get_translated_names(self):
        """Translated fields of the line, and what they are called on what it becomes. To override: add yours.

        :rtype: dict[str, str]
        """
        return {"name": "name"}

    # === Applying === #

    def _create_applied(self, values):
        """Create what this line becomes, in English and with the translations that the line has.

        :param dict values: values beside those that are translated
        :return: the record, linked to this line
        """
        self.ensure_one()
        english = self.with_context(lang="en_US")
        texts = {target: english[name] for name, target in self._get_translated_names().items()}
        record = english.applied_ids.browse().create({**texts, **values})
        self._link_applied(record)
        self._translate(record)
        return record.with_env(self.env)

    def _link_applied(self, record):
        # sudo: that a line became a record is ours to keep, whoever may apply the template.
        self.sudo().applied_ids = [fields.Command.link(record.id)]

    def _find_applied(self, company):
        """What this line became in a company, also where it is archived by now.

        :param res.company company: company, none for records of all companies
        """
        self.ensure_one()
        # sudo: as above; records of other companies are told apart by their company.
        applied = self.sudo().with_context(active_test=False).applied_ids
        return applied.filtered(lambda record: record.company_id == company).with_env(self.env)

    # === Translations === #

    def _translate(self, record, names=None):
        """Give a record the translations of this line, in the installed languages, where its English is this line's.

        Words that somebody changed stay: a language is filled in where the record says the same as in English.

        :param record: what this line became, or what stands for it
        :param dict[str, str] | None names: fields of the line and of the record, none for those of the hook
        """
        self.ensure_one()
        languages = [code for code, _name in self.env["res.lang"].get_installed() if code != "en_US"]
        for name, target in (names or self._get_translated_names()).items():
            source, stored = self._fields[name], record._fields[target]
            own = source._get_stored_translations(self) or {}
            theirs = stored._get_stored_translations(record) or {}
            fresh = {
                code: own[code]
                for code in languages
                if own.get(code) and theirs.get(code, theirs.get("en_US")) == own.get("en_US") == theirs.get("en_US")
            }
            if fresh and stored.translate is not True:
                terms = stored.get_translation_dictionary(own["en_US"], fresh)
                fresh = {code: {term: found[code] for term, found in terms.items()} for code in fresh}
            if fresh:
                record.update_field_translations(target, fresh)

    @api.model
    def _translate_all_applied(self):
        """Bring translations that were loaded after a template was applied to what it became."""
        # sudo: whoever adds a language need not be allowed to change the process.
        lines = self.sudo().with_context(active_test=False).search([("applied_ids", "!=", False)])
        for line in lines:
            for record in line.applied_ids:
                line._translate(record)
