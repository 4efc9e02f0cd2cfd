from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

#: Stored fields of a deal that are never asked for: they are never empty, or nobody fills them in.
NEVER_ASKED = frozenset(
    {
        "active",
        "color",
        "company_id",
        "deal_class_id",
        "deal_number",
        "email_cc",
        "iap_enrich_done",
        "lead_mining_request_id",
        "message_bounce",
        "name",
        "probability",
        "reveal_id",
        "stage_id",
        "type",
    }
)


class RequirementScope(NamedTuple):
    """For which deals a requirement holds; cached, so that to decide it reads nothing."""

    id: int
    company_id: int
    class_ids: frozenset
    team_ids: frozenset
    active_from: object


class SalesStageRequirement(models.Model):
    """What must have happened before a deal leaves a stage forward."""

    _name = "sales.stage.requirement"
    _inherit = ["sales.tracked.mixin", "sales.deal.condition.mixin"]
    _description = "Stage Requirement"
    _order = "stage_id, sequence, id"

    stage_id = fields.Many2one("crm.stage", required=True, ondelete="cascade", index=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", index=True, tracking=True, help="Empty: it holds in all companies."
    )
    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("field", "Field Is Filled In"),
            ("document", "Deal Document"),
            ("checklist", "Checklist"),
            ("activity", "Done Activity"),
            ("quotation", "Quotation Handed Over"),
            ("order", "Confirmed Order"),
            ("approval", "Approved Quotation"),
            ("domain", "Condition"),
        ],
        required=True,
        default="field",
        tracking=True,
    )
    enforcement = fields.Selection(
        [("warn", "Warn"), ("block", "Block")],
        default="warn",
        required=True,
        tracking=True,
        help="Warn lets the deal pass and records what was missing; block refuses the move. Archived, a requirement is "
        "off.",
    )
    level = fields.Selection(
        [("off", "Off"), ("warn", "Warn"), ("block", "Block")],
        compute="_compute_level",
        inverse="_inverse_level",
        help="Off asks nothing; warn lets the deal pass and records what was missing; block refuses the move.",
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        domain="[('model', '=', 'crm.lead'), ('store', '=', True), ('readonly', '=', False)]",
        ondelete="set null",
        help="Field of the deal that must be filled in.",
    )
    # Sales managers may not read the fields of the database: they choose by name, and the chatter keeps the label.
    field_name = fields.Selection(
        selection="_get_field_selection",
        string="Field to Fill In",
        compute="_compute_field_name",
        readonly=False,
        help="Field of the deal that must be filled in.",
    )
    field_label = fields.Char(
        string="Label of the Field", compute="_compute_field_label", store=True, precompute=True, tracking=True
    )
    document_type_id = fields.Many2one("sales.document.type", ondelete="restrict", tracking=True)
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        ondelete="restrict",
        tracking=True,
        help="Empty: any activity with the customer counts, which a to-do of one's own is not.",
    )
    min_count = fields.Integer(
        string="At Least",
        default=1,
        tracking=True,
        help="How many deal documents, activities, quotations or orders.",
    )
    target = fields.Char(string="What", compute="_compute_target", help="What it looks at.")
    domain = fields.Char(string="Condition", tracking=True, help="What the deal must be.")
    item_ids = fields.One2many("sales.stage.requirement.item", "requirement_id", string="Checklist Lines", copy=True)
    deal_class_ids = fields.Many2many(
        "sales.deal.class", string="Deal Classes", tracking=True, help="Empty: it holds for deals of every class."
    )
    team_ids = fields.Many2many("crm.team", string="Sales Teams", tracking=True, help="Empty: it holds for all teams.")
    active_from = fields.Date(tracking=True, help="It is not asked before this date. Empty: it is asked at once.")
    active = fields.Boolean(default=True, tracking=True)
    is_broken = fields.Boolean(
        compute="_compute_is_broken",
        help="It names a field, a document type or a condition that this database has no longer, or a checklist "
        "without lines. It is not asked until that is mended.",
    )

    _min_count_check = models.Constraint(
        "CHECK (COALESCE(min_count, 1) BETWEEN 1 AND 100)", "A requirement asks for at least one, and at most 100."
    )

    # === Computes === #

    @api.depends("active", "enforcement")
    def _compute_level(self):
        for requirement in self:
            requirement.level = requirement.enforcement if requirement.active else "off"

    def _inverse_level(self):
        for level, requirements in self.grouped("level").items():
            requirements._set_level(level)

    @api.depends("field_id")
    def _compute_field_name(self):
        choices = dict(self._get_field_selection())
        for requirement in self:
            name = requirement.field_id.sudo().name  # sudo: names of fields are no secret
            requirement.field_name = name if name in choices else False

    @api.depends("field_id")
    def _compute_field_label(self):
        """The label stays when a module takes the field away, and says what was asked for."""
        for requirement in self:
            label = requirement.field_id.sudo().field_description  # sudo: as above
            requirement.field_label = label or requirement.field_label

    @api.depends("kind", "field_name", "field_label", "document_type_id", "activity_type_id", "item_ids", "min_count")
    def _compute_target(self):
        choices = dict(self._get_field_selection())
        for requirement in self:
            requirement.target = requirement._format_target(choices)

    @api.depends("kind", "field_id", "document_type_id", "domain", "item_ids")
    def _compute_is_broken(self):
        for requirement in self:
            requirement.is_broken = not requirement._is_usable()

    @api.model
    def _get_field_selection(self):
        described = self.env["crm.lead"].fields_get(attributes=["readonly", "store", "string", "type"])
        choices = [
            (name, field["string"])
            for name, field in described.items()
            if field["store"]
            and not field["readonly"]
            and field["type"] not in ("one2many", "properties")
            and name not in NEVER_ASKED
        ]
        return sorted(choices, key=lambda choice: choice[1].casefold())

    # === Constraints === #

    @api.constrains("kind", "field_id", "document_type_id", "domain", "company_id")
    def _check_target(self):
        problems = [problem for requirement in self if (problem := requirement._get_target_problem())]
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_target_problem(self):
        """:return: what is wrong with what it asks for, translated; none when it is well"""
        self.ensure_one()
        names = {"name": self.name}
        field, document_type = self.field_id.sudo(), self.document_type_id.sudo()  # sudo: names are no secret
        if self.kind == "field" and not field:
            return self.env._("%(name)s: choose the field that must be filled in.", **names)
        if self.kind == "field" and field.model != "crm.lead":
            return self.env._("%(name)s: choose a field of the opportunity.", **names)
        if self.kind == "document" and not document_type:
            return self.env._("%(name)s: choose the document type.", **names)
        company = document_type.company_id
        if self.kind == "document" and company and company not in self.company_id.sudo().parent_ids:
            names |= {"document": document_type.name, "company": company.name}
            return self.env._(
                "%(name)s: only deals of %(company)s have the document type %(document)s. Choose another document "
                "type, or this company for the requirement.",
                **names,
            )
        if self.kind == "domain" and self._get_deal_domain() is None:
            return self.env._("%(name)s: the condition cannot be read. Choose it again.", **names)
        return None

    # === Actions === #

    def action_set_off(self):
        """Ask these requirements no longer."""
        self._set_level("off")

    def action_set_warn(self):
        """Let deals pass that do not meet these requirements, and record it."""
        self._set_level("warn")

    def action_set_block(self):
        """Refuse moves of deals that do not meet these requirements."""
        self._set_level("block")

    def _set_level(self, level):
        if level == "off":
            self.filtered("active").write({"active": False})
            return
        self.filtered(lambda requirement: not requirement.active).write({"active": True})
        self.filtered(lambda requirement: requirement.enforcement != level).write({"enforcement": level})

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        requirements = super().create([self._choose_field(vals) for vals in vals_list])
        self.env.registry.clear_cache()
        return requirements

    def write(self, vals):
        result = super().write(self._choose_field(vals))
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=requirement.name), **(default or {})}
            for requirement, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.model
    def _choose_field(self, vals):
        """Take the name of a field for the field, before constraints look at it."""
        if "field_name" not in vals:
            return vals
        field = self.env["ir.model.fields"]._get("crm.lead", vals["field_name"])
        return {**{name: value for name, value in vals.items() if name != "field_name"}, "field_id": field.id}

    # === Asking === #

    @api.model
    @ormcache()
    def _get_scopes(self):
        """Requirements by the stage that they guard.

        :rtype: dict[int, tuple[RequirementScope]]
        """
        scopes = {}
        # sudo: what a stage asks is the same for everybody.
        for requirement in self.sudo().search([("active", "=", True)]):
            scopes.setdefault(requirement.stage_id.id, []).append(requirement._get_scope())
        return {stage_id: tuple(found) for stage_id, found in scopes.items()}

    def _is_usable(self):
        """:return: whether what it asks about exists in this database"""
        self.ensure_one()
        if self.kind == "field":
            return self.field_id.sudo().name in self.env["crm.lead"]._fields  # sudo: names of fields are no secret
        if self.kind == "document":
            return bool(self.document_type_id)
        if self.kind == "checklist":
            return bool(self.item_ids)
        return self.kind != "domain" or self._get_deal_domain() is not None

    @api.model
    @ormcache()
    def _get_field_requirements(self):
        """:return: ids of requirements of kind ``field`` by the name of the field
        :rtype: dict[str, tuple[int]]
        """
        names = {}
        # sudo: as in _get_scopes.
        domain = [("kind", "=", "field"), ("field_id", "!=", False), ("active", "=", True)]
        for requirement in self.sudo().search(domain):
            names.setdefault(requirement.field_id.name, []).append(requirement.id)
        return {name: tuple(ids) for name, ids in names.items()}

    def _format_target(self, field_labels):
        """:return: what it looks at, in a few words"""
        self.ensure_one()
        if self.kind == "field":
            return field_labels.get(self.field_name) or self.field_label
        if self.kind == "checklist":
            return self.env._("%(count)s lines", count=len(self.item_ids))
        names = {"document": self.document_type_id.name, "activity": self.activity_type_id.name}
        name = names.get(self.kind)
        if self.min_count > 1 and self.kind not in ("domain", "approval"):
            return f"{self.min_count} × {name or ''}"
        return name or ""

    def _get_scope(self):
        # Archived classes and teams count: a requirement for such alone must not come to hold for all.
        every = self.with_context(active_test=False)
        return RequirementScope(
            self.id,
            self.company_id.id,
            frozenset(every.deal_class_ids.ids),
            frozenset(every.team_ids.ids),
            self.active_from,
        )
