from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.models.target.sales_target import SCOPE
from odoo.addons.sales_management.tools.apportion import split_by_weights

#: What a target is of, beside its metric and period.
NAMES = ("company_id", *SCOPE)


class SalesTargetCopy(models.TransientModel):
    """The targets of a year once more for the next one, with what they are to grow by."""

    _name = "sales.target.copy"
    _description = "Copy Targets to the Next Year"

    target_ids = fields.Many2many("sales.target", string="Wholes", required=True, help="With all their parts.")
    growth = fields.Float(
        string="Growth (%)", digits=(16, 1), help="What is wanted more than the year before; below zero: less."
    )
    base = fields.Selection(
        [("target", "Last Year's Targets"), ("actual", "What Was Reached")],
        required=True,
        default="target",
        help="What the new whole is reckoned from. Its parts keep their proportions.",
    )

    # === Actions === #

    def action_apply(self):
        """Make the targets of the next year; those that are there already stay, and are said.

        :return: action that shows the new targets
        :rtype: dict
        """
        self.ensure_one()
        wholes = self.target_ids.filtered(lambda target: target.parent_id not in self.target_ids)
        made, skipped = self.env["sales.target"], self.env["sales.target"]
        for whole in wholes:
            # Level by level, for a part needs the id of its whole.
            amount = self._grow(whole)
            todo = [(whole, self.env["sales.target"], amount)]
            while todo:
                made_now, skipped_now, todo = self._copy_level(todo)
                made, skipped = made | made_now, skipped | skipped_now
        if not made:
            raise UserError(
                self.env._(
                    "All of them are there already: %(targets)s. Change those.",
                    targets=", ".join(skipped.mapped("display_name")),
                )
            )
        return self._prepare_action(made, skipped)

    def _prepare_action(self, made, skipped):
        action = {
            **self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_target_action"),
            "domain": [("id", "in", made.ids)],
            "context": {},
        }
        if not skipped:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "There already, and left as they are: %(targets)s",
                    targets=", ".join(skipped.mapped("display_name")),
                ),
                "next": action,
            },
        }

    def _grow(self, whole):
        amount = whole.actual if self.base == "actual" else whole.amount
        return self._round(whole, max(amount, 0.0) * (1 + self.growth / 100))

    def _copy_level(self, todo):
        """
        :param list[tuple] todo: targets of a year with the whole of the new one and the new amount
        :return: what was made, what was there, and the next level
        """
        existing = self._find_existing([target for target, _whole, _amount in todo])
        vals_list, sources = [], []
        for target, whole, amount in todo:
            if target not in existing:
                vals_list.append(self._prepare_target(target, whole, amount))
                sources.append(target)
        made = self.env["sales.target"].create(vals_list)
        new = dict(zip(sources, made, strict=True)) | existing
        deeper = []
        for target, _whole, _amount in todo:
            deeper += self._share(target, new[target])
        return made, self.env["sales.target"].union(*existing.values()), deeper

    def _share(self, target, new):
        """:return: parts of a target with their new whole and amount, in the proportions that they had"""
        parts = target.child_ids
        if not parts:
            return []
        given = sum(parts.mapped("amount"))
        factor = new.amount / target.amount if target.amount else 1.0
        unit = self._get_unit(target)
        total = Decimal(str(self._round(target, given * factor)))
        amounts = split_by_weights(total, [part.amount for part in parts], unit).parts
        return [(part, new, float(amount)) for part, amount in zip(parts, amounts, strict=True)]

    @api.model
    def _prepare_target(self, target, whole, amount):
        return {
            **{name: target[name].id for name in NAMES},
            "metric": target.metric,
            "period_kind": target.period_kind,
            "date_from": self._get_next_year(target),
            "parent_id": whole.id,
            "amount": amount,
        }

    @api.model
    def _find_existing(self, targets):
        """:return: the same target of the next year, by target
        :rtype: dict
        """
        days = {self._get_next_year(target) for target in targets}
        found = self.env["sales.target"].search(
            [("date_from", "in", list(days)), ("company_id", "in", [target.company_id.id for target in targets])]
        )

        def key(target, day):
            return (day, target.metric, target.period_kind, *(target[name].id for name in NAMES))

        by_key = {key(target, target.date_from): target for target in found}
        keys = {target: key(target, self._get_next_year(target)) for target in targets}
        return {target: by_key[own] for target, own in keys.items() if own in by_key}

    @api.model
    def _get_next_year(self, target):
        # A period begins on a day from 1 to 28, which every year has.
        return target.date_from.replace(year=target.date_from.year + 1)

    @api.model
    def _get_unit(self, target):
        return Decimal(str(target.currency_id.rounding)) if target.currency_id else Decimal(1)

    @api.model
    def _round(self, target, amount):
        unit = self._get_unit(target)
        return float((Decimal(str(amount)) / unit).quantize(Decimal(1)) * unit)
