from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.sales_management.tools.comparison import ADDED, MOVED, REMOVED, SAME


class SalesQuotationComparison(models.TransientModel):
    _name = "sales.quotation.comparison"
    _description = "Comparison of Revisions"

    former_id = fields.Many2one("sale.order", string="From", required=True, ondelete="cascade")
    latter_id = fields.Many2one("sale.order", string="To", required=True, ondelete="cascade")
    family_id = fields.Many2one(related="latter_id.quotation_family_id")
    changes = fields.Html(compute="_compute_changes", sanitize=False)

    # === Computes === #

    @api.depends("former_id", "latter_id")
    def _compute_changes(self):
        for comparison in self:
            former, latter = comparison.former_id, comparison.latter_id
            comparison.changes = comparison._render_changes(former, latter) if former and latter else Markup()

    def _render_changes(self, former, latter):
        (former | latter).check_access("read")
        if former.quotation_family_id != latter.quotation_family_id or not former.quotation_family_id:
            raise UserError(
                self.env._(
                    "%(former)s and %(latter)s are no revisions of the same quotation. Choose two that are.",
                    former=former.name,
                    latter=latter.name,
                )
            )
        values = self._prepare_rendering_values(former._compare_revision(latter))
        return self.env["ir.qweb"]._render("sales_management.quotation_comparison", values)

    # === What is shown === #

    def _prepare_rendering_values(self, result):
        kinds = [change.kind for change in result["lines"]]
        return {
            "former_name": result["former"]["name"],
            "latter_name": result["latter"]["name"],
            "lines": [self._prepare_line(change, result) for change in result["lines"] if change.kind != SAME],
            "terms": [self._prepare_term(name, values) for name, values in result["terms"].items()],
            "totals": [self._prepare_total(name, values, result) for name, values in result["totals"].items()],
            "margins": self._prepare_margins(result),
            "same_count": kinds.count(SAME),
        }

    def _prepare_line(self, change, result):
        line = change.latter or change.former
        return {
            "kind": change.kind,
            "label": self._get_kind_label(change),
            "css": {ADDED: "success", REMOVED: "danger", MOVED: "secondary"}.get(change.kind, "warning"),
            "title": line["name"].partition("\n")[0] or line["product"],
            "summary": "" if line["type"] != "product" or change.values else self._get_summary(line, result["latter"]),
            "values": [
                {
                    "label": self._get_line_label(name),
                    "former": self._format_value(name, former, result["former"]),
                    "latter": self._format_value(name, latter, result["latter"]),
                }
                for name, (former, latter) in change.values.items()
            ],
            "margin": self._get_line_margin(change, result["line_margins"]),
        }

    def _get_kind_label(self, change):
        labels = {
            ADDED: self.env._("Added"),
            REMOVED: self.env._("Removed"),
            MOVED: self.env._("Moved"),
        }
        label = labels.get(change.kind) or self.env._("Changed")
        return self.env._("%(change)s, moved", change=label) if change.values and change.is_moved else label

    def _get_summary(self, line, snapshot):
        amount = self._format_amount(line["subtotal"], snapshot)
        return f"{line['quantity']} {line['unit']} × {line['price']} = {amount}"

    def _get_line_label(self, name):
        labels = {
            "product": self.env._("Product"),
            "name": self.env._("Description"),
            "quantity": self.env._("Quantity"),
            "unit": self.env._("Unit"),
            "price": self.env._("Unit Price"),
            "discount": self.env._("Discount (%)"),
            "taxes": self.env._("Taxes"),
            "optional": self.env._("Optional"),
            "subtotal": self.env._("Subtotal"),
        }
        return labels.get(name, name)

    def _get_line_margin(self, change, margins):
        values = [
            self._get_percent(margin.get(str(line["id"]), {})) if line else ""
            for line, margin in zip((change.former, change.latter), margins, strict=True)
        ]
        return {"former": values[0], "latter": values[1]} if any(values) else None

    def _get_percent(self, margin):
        return f"{margin['margin_percent']} %" if margin.get("margin_percent") else ""

    def _prepare_term(self, name, values):
        orders = self.env["sale.order"]
        field = orders._fields.get(name)
        former, latter = values
        if field is not None and field.type == "boolean":
            former, latter = (self.env._("Yes") if value else self.env._("No") for value in values)
        label = field._description_string(self.env) if field is not None else name
        return {"label": label, "former": former, "latter": latter}

    def _prepare_total(self, name, values, result):
        former, latter = values
        return {
            "label": self.env["sale.order"]._fields[name]._description_string(self.env),
            "former": self._format_amount(former, result["former"]),
            "latter": self._format_amount(latter, result["latter"]),
            "is_changed": former != latter or result["former"]["currency"] != result["latter"]["currency"],
        }

    def _prepare_margins(self, result):
        if not result["margins"]:
            return None
        former, latter = (
            {name: values[side] for name, values in result["margins"].items() if values[side]} for side in (0, 1)
        )
        return {
            "former": self._get_margin_words(former, result["former"]),
            "latter": self._get_margin_words(latter, result["latter"]),
            "is_changed": former != latter,
        }

    def _get_margin_words(self, margin, snapshot):
        if not margin:
            return "–"
        return f"{self._format_amount(margin['margin'], snapshot)} ({margin['margin_percent']} %)"

    def _format_value(self, name, value, snapshot):
        if name == "subtotal":
            return self._format_amount(value, snapshot)
        if name == "optional":
            return self.env._("Yes") if value else self.env._("No")
        return value or "–"

    def _format_amount(self, value, snapshot):
        """:return: an amount as readers of today write it, in the currency as it was called"""
        if not value:
            return "–"
        words = snapshot["currency"]
        currency = self.env["res.currency"].new(
            {
                "name": words["name"],
                "symbol": words["symbol"],
                "position": words["position"],
                "rounding": 10 ** -(words["digits"] or 0),
            }
        )
        return format_amount(self.env, float(value), currency)
