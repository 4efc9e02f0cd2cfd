from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.sales_management.const import DEAL_SEQUENCE_CODE
from odoo.addons.sales_management.tools.deal_number import holds_separator, interpolate

#: What the cached answer of ``crm.lead._get_deal_sequence`` is made of.
CACHED_FIELDS = {"active", "code", "company_id", "padding", "prefix", "suffix"}


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    # === Constraints === #

    @api.constrains("active", "code", "company_id", "implementation", "prefix", "suffix", "use_date_range")
    def _check_deal_sequence(self):
        deal_sequences = self.filtered(lambda sequence: sequence.code == DEAL_SEQUENCE_CODE)
        problems = [
            self.env._("Sequence %(sequence)s numbers deals: %(problem)s", sequence=sequence.name, problem=problem)
            for sequence in deal_sequences
            for problem in sequence._get_deal_sequence_problems()
        ]
        if problems:
            raise ValidationError("\n".join(problems))

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        sequences = super().create(vals_list)
        if any(sequence.code == DEAL_SEQUENCE_CODE for sequence in sequences):
            self.env.registry.clear_cache()
        return sequences

    def write(self, vals):
        if CACHED_FIELDS.isdisjoint(vals):
            return super().write(vals)
        numbered_deals = any(sequence.code == DEAL_SEQUENCE_CODE for sequence in self)
        result = super().write(vals)
        if numbered_deals and not self._has_shared_deal_sequence():
            raise UserError(self._get_last_deal_sequence_message())
        if numbered_deals or vals.get("code") == DEAL_SEQUENCE_CODE:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        numbered_deals = any(sequence.code == DEAL_SEQUENCE_CODE for sequence in self)
        if numbered_deals:
            # Deals of this transaction draw their numbers before the counter is gone.
            self.env["crm.lead"].flush_model(["deal_number"])
        result = super().unlink()
        if numbered_deals:
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_deal_sequence(self):
        deal_sequences = self.filtered(lambda s: s.code == DEAL_SEQUENCE_CODE)
        if not deal_sequences:
            return
        if not self._has_shared_deal_sequence(without=deal_sequences):
            raise UserError(self._get_last_deal_sequence_message())

    # === Tools === #

    def _get_deal_sequence_problems(self):
        """Say why deals could not be numbered by this sequence, each once and for ever.

        :rtype: list[str]
        """
        self.ensure_one()
        problems = []
        if self.implementation != "standard" or self.use_date_range:
            # A gapless counter would hand a number out again after a rollback; a date range would restart it.
            problems.append(
                self.env._(
                    "set its implementation to Standard and leave subsequences off, so that no number is given twice."
                )
            )
        if holds_separator(self.prefix) or holds_separator(self.suffix):
            problems.append(
                self.env._(
                    "take commas and semicolons out of its prefix and suffix, since they separate the numbers on an "
                    "invoice of several deals."
                )
            )
        if not self._has_readable_affixes():
            problems.append(
                self.env._(
                    "its prefix or suffix names a placeholder that does not exist. %(year)s, %(y)s and %(month)s do."
                )
            )
        if self._has_affixes_of_another():
            problems.append(
                self.env._("another has the same prefix and suffix. Give it a prefix of its own.")
            )
        if not self.company_id and self.active and self._has_shared_deal_sequence(without=self):
            problems.append(
                self.env._("companies share another one already. Choose a company, or change the prefix of that one.")
            )
        return problems

    def _has_readable_affixes(self):
        self.ensure_one()
        try:
            interpolate(self.prefix, fields.Datetime.now())
            interpolate(self.suffix, fields.Datetime.now())
        except (KeyError, TypeError, ValueError):
            return False
        return True

    def _has_affixes_of_another(self):
        self.ensure_one()
        others = self.with_context(active_test=False).search([("code", "=", DEAL_SEQUENCE_CODE), ("id", "!=", self.id)])
        affixes = (self.prefix or "", self.suffix or "")
        return any((other.prefix or "", other.suffix or "") == affixes for other in others)

    @api.model
    def _has_shared_deal_sequence(self, without=None):
        domain = Domain("code", "=", DEAL_SEQUENCE_CODE) & Domain("company_id", "=", False)
        if without:
            domain &= Domain("id", "not in", without.ids)
        return bool(self.search_count(domain, limit=1))

    @api.model
    def _get_last_deal_sequence_message(self):
        return self.env._(
            "New deals of companies without a sequence of their own take their number from the sequence with the code "
            "%(code)s and no company. Keep one active; to change the numbers, change its prefix.",
            code=DEAL_SEQUENCE_CODE,
        )
