from odoo import api, fields, models


class SalesStageRequirementItem(models.Model):
    """A line that a checklist asks of every deal."""

    _name = "sales.stage.requirement.item"
    _description = "Checklist Line"
    _order = "sequence, id"

    requirement_id = fields.Many2one(
        "sales.stage.requirement", string="Checklist", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        checklist_ids = {vals["requirement_id"] for vals in vals_list if vals.get("requirement_id")}
        self.env["sales.stage.requirement"].browse(checklist_ids)._track_lines("item_ids")
        items = super().create(vals_list)
        self.env.registry.clear_cache()
        return items

    def write(self, vals):
        self.requirement_id._track_lines("item_ids")
        self.env["sales.stage.requirement"].browse(vals.get("requirement_id") or ())._track_lines("item_ids")
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.requirement_id._track_lines("item_ids")
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        checklist = self.requirement_id
        old = checklist._format_translations(self, field_name, translations)
        result = super()._update_field_translations(field_name, translations, digest, source_lang)
        checklist._log_change("item_ids", old, checklist._format_translations(self, field_name, translations))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_open_lines(self):
        """A line that is no longer asked holds up no deal; one that was ticked off stays as a record of that."""
        # sudo: whoever edits a checklist edits it for all deals.
        self.env["sales.deal.checklist"].sudo().search([("item_id", "in", self.ids), ("is_done", "=", False)]).unlink()
