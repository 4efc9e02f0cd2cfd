from odoo import api, fields, models


class SalesStageMove(models.Model):
    """Every change of a deal's stage, and its being won, lost or reopened, whatever caused it."""

    _name = "sales.stage.move"
    _inherit = ["sales.fact.mixin"]
    _description = "Stage Move"
    _order = "moved_at desc, id desc"
    _rec_name = "direction"

    _fact_links = ("lead_id", "from_stage_id", "to_stage_id", "user_id", "team_id", "company_id")
    _fact_texts = ("reason",)

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", readonly=True, index=True)
    moved_at = fields.Datetime(
        string="Moved On", required=True, readonly=True, index=True, default=lambda self: self.env.cr.now()
    )
    from_stage_id = fields.Many2one("crm.stage", ondelete="set null", readonly=True, index="btree_not_null")
    from_stage_name = fields.Char(string="Name of the Stage Left", readonly=True)
    to_stage_id = fields.Many2one("crm.stage", ondelete="set null", readonly=True, index="btree_not_null")
    to_stage_name = fields.Char(string="Name of the Stage Reached", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Moved By", ondelete="set null", readonly=True, index="btree_not_null"
    )
    user_name = fields.Char(string="Name of the Person", readonly=True)
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", ondelete="set null", readonly=True, index="btree_not_null"
    )
    team_name = fields.Char(string="Name of the Team", readonly=True)
    company_id = fields.Many2one("res.company", ondelete="set null", readonly=True, index="btree_not_null")
    direction = fields.Selection(
        [
            ("enter", "Enter"),
            ("forward", "Forward"),
            ("back", "Back"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("reopen", "Reopen"),
            ("correction", "Correction"),
        ],
        required=True,
        readonly=True,
        help="Forward and back are told by how the deal's team has arranged its stages. A deal that is lost or "
        "reopened stays in its stage.",
    )
    origin = fields.Selection(
        [
            ("user", "Person"),
            ("import", "Import"),
            ("merge", "Merge"),
            ("team", "Change of Team"),
            ("stage_setting", "Change of a Stage"),
            ("system", "System"),
            ("history", "Before Installation"),
        ],
        required=True,
        readonly=True,
        help="What caused the move. Only moves of persons and imports count as skipped stages or regressions.",
    )
    skipped_count = fields.Integer(
        string="Skipped Stages",
        readonly=True,
        help="Stages of the deal's team between the one left and the one reached.",
    )
    seconds_in_stage = fields.Integer(
        readonly=True, aggregator="avg", help="How long the deal had been in the stage that it left, in seconds."
    )
    merged_from_number = fields.Char(
        readonly=True, help="Number of a deal that was merged into this one, and that stood in this stage."
    )
    reason = fields.Char(readonly=True)
    is_override = fields.Boolean(
        string="Overridden", readonly=True, help="A sales manager moved the deal although something blocked it."
    )
    warned_requirement_ids = fields.Many2many(
        "sales.stage.requirement",
        relation="sales_stage_move_warned_rel",
        column1="move_id",
        column2="requirement_id",
        string="Unmet Requirements",
        readonly=True,
        help="What the deal did not meet when it was let through.",
    )
    warned_summary = fields.Text(
        string="What Was Missing",
        readonly=True,
        help="What the deal did not meet when it was let through, in the words of then: they stay when a requirement "
        "is changed or deleted.",
    )

    from_stage_label = fields.Char(string="From", compute="_compute_stage_labels")
    to_stage_label = fields.Char(string="To", compute="_compute_stage_labels")
    deal_number = fields.Char(related="lead_id.deal_number")
    owner_id = fields.Many2one(related="lead_id.user_id", string="Salesperson")
    days_in_stage = fields.Float(
        compute="_compute_days_in_stage",
        digits=(16, 1),
        help="How long the deal had been in the stage that it left, in days.",
    )

    _lead_moved_idx = models.Index("(lead_id, moved_at)")
    # The figures leave out what was taken back: corrections are few, and found without reading all moves.
    _correction_idx = models.Index("(lead_id) WHERE direction = 'correction'")

    @api.depends("from_stage_id", "to_stage_id")
    def _compute_stage_labels(self):
        """Stages as they are called today, or as they were called when they were there."""
        for move in self:
            move.from_stage_label = move.from_stage_id.display_name or move.from_stage_name
            move.to_stage_label = move.to_stage_id.display_name or move.to_stage_name

    @api.depends("seconds_in_stage")
    def _compute_days_in_stage(self):
        for move in self:
            move.days_in_stage = move.seconds_in_stage / 86400

    # === Actions === #

    def action_open_deal(self):
        """Open the deal that was moved.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return self.lead_id.get_formview_action()

    # === Tools === #

    def _is_loss_taken_back(self):
        """:return: whether this is the correction of a deal that was lost by mistake: its stage stayed the same
        :rtype: bool
        """
        return self.direction == "correction" and self.from_stage_id == self.to_stage_id
