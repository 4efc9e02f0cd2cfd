from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, ormcache

from odoo.addons.sales_management.tools.stage_order import StageOrder

#: Characters of the guidance that core's tooltip shows.
TOOLTIP_SIZE = 240


class CrmStage(models.Model):
    _inherit = "crm.stage"

    sales_code = fields.Char(
        string="Code",
        copy=False,
        help="Short name of the stage for templates, figures and integrations, whatever the stage is called.",
    )
    stage_guidance = fields.Html(
        string="Guidance", translate=True, help="What good looks like in this stage. Shown on every deal in it."
    )
    requirements = fields.Text(compute="_compute_requirements", store=True, readonly=False)
    # With those that are off: one screen turns them on and off.
    stage_requirement_ids = fields.One2many(
        "sales.stage.requirement", "stage_id", string="To Leave It Forward", context={"active_test": False}
    )
    stage_task_ids = fields.One2many("sales.stage.task", "stage_id", string="Entering Opens")
    stage_requirement_count = fields.Integer(
        compute="_compute_stage_setting_counts",
        help="Requirements that warn or block when a deal leaves this stage forward; those that are off are left out.",
    )
    stage_task_count = fields.Integer(
        string="Stage To-Do Count", compute="_compute_stage_setting_counts", help="To-dos that a deal in it gets."
    )
    skip_policy = fields.Selection(
        [("allow", "Allow"), ("warn", "Warn"), ("block", "Block")],
        string="Passing Over",
        default="allow",
        required=True,
        help="Whether a deal may be moved past this stage without ever being in it. Whatever it says, the requirements "
        "of a stage that is passed over hold.",
    )

    # === Computes === #

    @api.depends("stage_guidance")
    def _compute_requirements(self):
        """Show the first lines of the guidance as core's tooltip; without guidance the tooltip is one's own."""
        for stage in self:
            if stage.stage_guidance:
                lines = html2plaintext(stage.stage_guidance).strip().splitlines()
                stage.requirements = "\n".join(line for line in lines if line.strip())[:TOOLTIP_SIZE]
            else:
                stage.requirements = stage.requirements

    @api.depends("stage_requirement_ids.active", "stage_task_ids.active")
    def _compute_stage_setting_counts(self):
        counted = [("stage_requirement_count", "sales.stage.requirement"), ("stage_task_count", "sales.stage.task")]
        for field, model in counted:
            domain = [("stage_id", "in", self.ids), ("active", "=", True)]
            counts = dict(self.env[model]._read_group(domain, ["stage_id"], ["__count"]))
            for stage in self:
                stage[field] = counts.get(stage._origin, 0)

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        with self._recording_won_deals(vals):
            result = super().write(vals)
        if not {"fold", "sequence", "team_ids"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_deals(self):
        """Say what the foreign key of core only refuses: where the deals are that would lose their stage."""
        # sudo: deals count, whoever may read them.
        Lead = self.env["crm.lead"].sudo().with_context(active_test=False)
        counts = Lead._read_group([("stage_id", "in", self.ids)], ["stage_id"], ["__count"])
        if counts:
            raise UserError(
                self.env._(
                    "Move the deals out of these stages before you delete them, leads and lost ones too:\n%(stages)s",
                    stages="\n".join(f"- {stage.name}: {count}" for stage, count in counts),
                )
            )

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === Tools === #

    @contextmanager
    def _recording_won_deals(self, vals):
        """Core makes the deals of a stage won, or no longer won, with the stage: recorded as caused by it."""
        if "is_won" not in vals:
            yield
            return
        # sudo: the moves of all deals of the stage are recorded, also of those that its editor does not see.
        deals = self.env["crm.lead"].sudo().with_context(active_test=False).search([("stage_id", "in", self.ids)])
        with deals._moving_stages_because("stage_setting"), deals._recording_stage_moves("stage_setting"):
            yield

    @api.model
    @ormcache()
    def _get_stage_order(self):
        """:return: the order of all stages, cached, so that a move reads none of them
        :rtype: StageOrder
        """
        # sudo: the order is the same for everybody. The stages of an archived team do not become those of all.
        stages = self.sudo().with_context(active_test=False)
        stages = stages.search_fetch([("id", "!=", False)], ["sequence", "team_ids", "fold"])
        return StageOrder((stage.sequence, stage.id, stage.team_ids.ids, stage.fold) for stage in stages)
