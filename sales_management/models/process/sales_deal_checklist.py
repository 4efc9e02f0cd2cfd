from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What says which line it is, of which deal.
FIXED = ("item_id", "lead_id", "requirement_id")


class SalesDealChecklist(models.Model):
    """A line of a checklist on a deal."""

    _name = "sales.deal.checklist"
    _description = "Deal Checklist Line"
    _order = "requirement_id, sequence, id"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    requirement_id = fields.Many2one(
        "sales.stage.requirement", string="Checklist", required=True, ondelete="cascade", index=True
    )
    item_id = fields.Many2one("sales.stage.requirement.item", ondelete="set null", index="btree_not_null")
    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True, required=True)
    sequence = fields.Integer(default=10)
    is_done = fields.Boolean(string="Done")
    done_by_id = fields.Many2one(
        "res.users", compute="_compute_done", store=True, precompute=True, help="Who ticked it off."
    )
    done_at = fields.Datetime(
        string="Done On", compute="_compute_done", store=True, precompute=True, help="When it was ticked off."
    )

    _item_uniq = models.UniqueIndex(
        "(lead_id, item_id) WHERE item_id IS NOT NULL", "This line of the checklist is on the deal already."
    )

    # === Computes === #

    @api.depends("item_id")
    def _compute_name(self):
        for line in self:
            line.name = line.name or line.item_id.name

    @api.depends("is_done")
    def _compute_done(self):
        for line in self:
            line.done_by_id = self.env.uid if line.is_done else False
            line.done_at = self.env.cr.now() if line.is_done else False

    # === Constraints === #

    @api.constrains("item_id", "requirement_id")
    def _check_item(self):
        # sudo: what a checklist asks is the same for everybody.
        wrong = self.filtered(lambda line: line.item_id and line.item_id.sudo().requirement_id != line.requirement_id)
        if wrong:
            raise ValidationError(
                self.env._(
                    "These lines are of another checklist. Reload the page, and tick them off there:\n%(lines)s",
                    lines="\n".join(f"- {line.name}" for line in wrong),
                )
            )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._drop_outcome(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            self._check_stays(vals)
        return super().write(self._drop_outcome(vals))

    def _check_stays(self, vals):
        """Refuse to carry a line to another deal or checklist: core looks at the rights on the first deal alone."""
        moved = self.filtered(lambda line: any(name in vals and line[name].id != vals[name] for name in FIXED))
        if moved:
            raise UserError(
                self.env._(
                    "A line of a checklist stays on its deal. Add another one there instead:\n%(lines)s",
                    lines="\n".join(f"- {line.name} · {line.lead_id.name}" for line in moved),
                )
            )

    @api.model
    def _drop_outcome(self, vals):
        """Who ticked a line off and when is nobody's to say."""
        return {key: value for key, value in vals.items() if key not in ("done_by_id", "done_at")}
