from odoo import fields, models
from odoo.fields import Command


class SalesProcessTemplateRequirement(models.Model):
    _name = "sales.process.template.requirement"
    _inherit = ["sales.process.template.line"]
    _description = "Requirement of a Process Template"

    stage_id = fields.Many2one("sales.process.template.stage", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        selection=lambda self: self.env["sales.stage.requirement"]._fields["kind"].selection, required=True
    )
    enforcement = fields.Selection(
        selection=lambda self: self.env["sales.stage.requirement"]._fields["enforcement"].selection,
        default="warn",
        required=True,
    )
    field_name = fields.Char(
        string="Field", help="Name of the field of the deal. Where the database has none, the requirement is left out."
    )
    document_type_id = fields.Many2one("sales.document.type", ondelete="cascade", index="btree_not_null")
    activity_type_id = fields.Many2one("mail.activity.type", ondelete="cascade", index="btree_not_null")
    min_count = fields.Integer(string="At Least", default=1)
    domain = fields.Char(string="Condition")
    class_ids = fields.Many2many(
        "sales.process.template.class",
        relation="sales_process_template_requirement_class_rel",
        string="Deal Classes",
        help="Empty: it holds for deals of every class.",
    )
    item_ids = fields.One2many("sales.process.template.item", "requirement_id", string="Checklist Lines")
    applied_ids = fields.Many2many(
        "sales.stage.requirement", relation="sales_process_template_requirement_rel", string="Became"
    )

    # === Applying === #

    def _apply_requirements(self, stage, company, team, classes):
        """Ask of a stage what these lines ask, where it is not asked yet.

        :param crm.stage stage: stage that these lines' one became
        :param res.company company: company whose deals are asked
        :param crm.team team: the only team whose deals are asked, none for all
        :param dict classes: deal class by line of the template
        """
        for line in self.filtered(lambda line: line._is_usable()):
            present = line._find_requirements(stage, company)
            if not present:
                line._create_applied(line._prepare_requirement_values(stage, company, team, classes))
            elif present.team_ids:
                present.team_ids = [Command.link(team.id)] if team else [Command.clear()]

    def _find_requirements(self, stage, company):
        return self._find_applied(company).filtered(lambda requirement: requirement.stage_id == stage)[:1]

    def _is_usable(self):
        """:return: whether this database has the field that this line names"""
        return self.kind != "field" or self.field_name in self.env["crm.lead"]._fields

    def _prepare_requirement_values(self, stage, company, team, classes):
        self.ensure_one()
        field = self.env["ir.model.fields"]._get("crm.lead", self.field_name) if self.kind == "field" else None
        return {
            "stage_id": stage.id,
            "company_id": company.id,
            "team_ids": [Command.set(team.ids)],
            "sequence": self.sequence,
            "kind": self.kind,
            "enforcement": self.enforcement,
            "field_id": field.id if field else False,
            "document_type_id": self.document_type_id.id,
            "activity_type_id": self.activity_type_id.id,
            "min_count": self.min_count,
            "domain": self.domain,
            "deal_class_ids": [Command.set([classes[line].id for line in self.class_ids])],
            "item_ids": [
                Command.create({"name": item.name, "sequence": item.sequence})
                for item in self.with_context(lang="en_US").item_ids
            ],
        }

    def _translate(self, record, names=None):
        """Translate the lines of a checklist with it: those that are still called so in English."""
        result = super()._translate(record, names)
        lines = {line.name: line for line in self.with_context(lang="en_US").item_ids}
        for item in record.with_context(lang="en_US").item_ids:
            if item.name in lines:
                lines[item.name]._translate(item)
        return result
