from odoo import api, fields, models
from odoo.fields import Domain


class SalesProcessTemplateStage(models.Model):
    _name = "sales.process.template.stage"
    _inherit = ["sales.process.template.line"]
    _description = "Stage of a Process Template"

    template_id = fields.Many2one("sales.process.template", required=True, ondelete="cascade", index=True)
    sales_code = fields.Char(string="Code")
    is_won = fields.Boolean(string="Won Stage")
    guidance = fields.Html(translate=True)
    skip_policy = fields.Selection(
        selection=lambda self: self.env["crm.stage"]._fields["skip_policy"].selection,
        string="Passing Over",
        default="allow",
        required=True,
    )
    match_xmlid = fields.Char(
        string="Natural Match", help="External id of a stage that core brings, which this one is proposed to be."
    )
    requirement_ids = fields.One2many("sales.process.template.requirement", "stage_id", string="To Leave It Forward")
    task_ids = fields.One2many("sales.process.template.task", "stage_id", string="Entering Opens")
    applied_ids = fields.Many2many("crm.stage", relation="sales_process_template_stage_rel", string="Became")

    # === Applying === #

    @api.model
    def _get_translated_names(self):
        return super()._get_translated_names() | {"guidance": "stage_guidance"}

    def _prepare_stage_values(self, sequence, teams):
        return {
            "sequence": sequence,
            "team_ids": [fields.Command.set(teams.ids)],
            "is_won": self.is_won,
            "sales_code": self.sales_code,
            "skip_policy": self.skip_policy,
        }

    def _mark_stage(self, stage, is_renamed):
        """Let an existing stage stand for this one: what it says is kept, unless it is to be renamed.

        :param crm.stage stage: stage that is reused
        :param bool is_renamed: whether it takes name and guidance of this one
        """
        self.ensure_one()
        self._link_applied(stage)
        names = self._get_translated_names() if is_renamed else {}
        if not stage.stage_guidance:
            names = {**names, "guidance": "stage_guidance"}
        english = self.with_context(lang="en_US")
        values = {target: english[name] for name, target in names.items()}
        if not stage.sales_code:
            values["sales_code"] = self.sales_code
        if not values:
            return
        if "name" in values:
            # The name that it had in other languages would go on standing there.
            stage.update_field_translations("name", dict.fromkeys(self._get_other_languages(), False))
        stage.with_context(lang="en_US").write(values)
        if names:
            self._translate(stage, names)

    def _get_other_languages(self):
        return [code for code, _name in self.env["res.lang"].get_installed() if code != "en_US"]

    # === Matching === #

    def _propose_stage(self, team, taken):
        """The existing stage that most likely is this one: by what it became before, by code, name, and place.

        :param crm.team team: team that the template is applied for, or none
        :param crm.stage taken: stages that are another one already
        :rtype: crm.stage
        """
        self.ensure_one()
        visible = self.env["crm.stage"].search(Domain("team_ids", "=", False) | Domain("team_ids", "in", team.ids))
        stages = (visible - taken).filtered(lambda stage: stage.is_won == self.is_won)
        core = self.env.ref(self.match_xmlid, raise_if_not_found=False) if self.match_xmlid else None
        candidates = (
            stages & self.applied_ids,
            stages.filtered(lambda stage: self.sales_code and stage.sales_code == self.sales_code),
            stages.filtered(self._is_called_alike),
            stages & (core or stages.browse()) if not (core and core.sales_code) else stages.browse(),
            stages if self.is_won else stages.browse(),
        )
        return next((found[0] for found in candidates if found), stages.browse())

    def _is_called_alike(self, stage):
        """:return: whether a stage has the name of this one in any language"""
        names = [record._fields["name"]._get_stored_translations(record) or {} for record in (self, stage)]
        ours, theirs = ({name.strip().casefold() for name in each.values()} for each in names)
        return bool(ours & theirs)
