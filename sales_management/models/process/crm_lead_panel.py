from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.tools.blocker import BLOCK

#: Types of fields that the panel edits in place; the others are filled in on the form of the deal.
INLINE_TYPES = frozenset({"char", "date", "datetime", "float", "integer", "many2one", "monetary", "selection", "text"})


#: Kinds of requirements whose name beside their remedy says enough.
PLAIN = frozenset({"activity", "document", "field"})
#: Kinds of requirements that are met on the quotations of a deal.
QUOTED = frozenset({"approval", "order", "quotation"})
#: To-dos that the panel names: that of the salesperson is not hidden behind one of a department.
SHOWN_TASKS = 3


class CrmLead(models.Model):
    """What the panel of a deal and the dialog of a move show, and what they do."""

    _inherit = "crm.lead"

    is_process_enabled = fields.Boolean(
        compute="_compute_is_process_enabled", help="The company of this deal uses the staged process."
    )
    stage_panel = fields.Json(
        compute="_compute_stage_panel", help="What the panel above the pages of a deal shows; nothing for leads."
    )

    # === Computes === #

    @api.depends("type", "company_id", "team_id", "user_id")
    def _compute_is_process_enabled(self):
        enabled = self.filtered(lambda lead: lead.type == "opportunity")._filter_process_enabled()
        for lead in self:
            lead.is_process_enabled = lead in enabled

    # Read with the form, after each save; nothing that is typed changes it before.
    def _compute_stage_panel(self):
        panels = self.filtered(lambda lead: lead.id and lead.is_process_enabled)._prepare_stage_panels()
        for lead in self:
            lead.stage_panel = panels.get(lead, False)

    # === Actions === #

    def action_move_on(self, from_stage_id):
        """Move deals that are still in a stage on to the next one of each.

        :param int from_stage_id: stage in which whoever moves them on saw them
        :return: whether they were moved
        :rtype: bool
        :raise UserError: when somebody else moved one of them meanwhile, or there is no further stage
        :raise BlockedError: when something blocks one of them; then none is moved
        """
        self._check_seen_stages(dict.fromkeys(self.ids, from_stage_id))
        for stage, deals in self._group_by_next_stage().items():
            if not stage:
                raise UserError(
                    self.env._("These deals are in their last stage already:\n%(deals)s", deals=deals._format_deals())
                )
            deals.action_move_stage(stage.id)
        return True

    def action_log_contact(self, requirement_id, note=False):
        """Record a contact with the customer, such as a stage asks for, as done by the user just now.

        :param int | bool requirement_id: requirement of kind ``activity``: it says of which type; a call where it does
            not, or where it is none
        :param str | bool note: what came out of it
        :return: whether it was recorded
        :rtype: bool
        """
        # sudo: what a stage asks is the same for everybody.
        requirement = self.env["sales.stage.requirement"].sudo().browse(requirement_id).exists()
        activity_type = requirement.activity_type_id or self.env.ref("mail.mail_activity_data_call")
        activities = self.activity_schedule(activity_type_id=activity_type.id, user_id=self.env.uid)
        activities.action_feedback(feedback=note or False)
        return True

    # === Moving === #

    def _get_next_stage(self):
        """:return: the stage after that of this deal, none after the won one
        :rtype: crm.stage
        """
        self.ensure_one()
        stages = self.env["crm.stage"]
        if self.stage_id.is_won:
            return stages
        return stages.browse(stages._get_stage_order().get_next(self.stage_id.id, self.team_id.id) or ())

    def _group_by_next_stage(self):
        return self.grouped(lambda lead: lead._get_next_stage())

    def _check_seen_stages(self, seen):
        """Refuse to move deals that were moved by somebody else since the user looked at them.

        :param dict[int, int] seen: id of the stage by id of the deal
        :raise UserError: naming them, and where they are now
        """
        moved = self.filtered(lambda lead: seen.get(lead.id, lead.stage_id.id) != lead.stage_id.id)
        if moved:
            lines = [
                self.env._("%(deal)s is in %(stage)s now", deal=lead._format_deals(), stage=lead.stage_id.name)
                for lead in moved
            ]
            raise UserError(
                self.env._(
                    "Somebody else moved these deals meanwhile. Look at them again before you move them:\n%(deals)s",
                    deals="\n".join(lines),
                )
            )

    # === Showing === #

    def _prepare_stage_panels(self, stage=None):
        """What is done and what is missing on these deals, in a number of queries that does not grow with them.

        :param crm.stage | None stage: stage to move to, none for the next one of each deal
        :return: by deal, of values that JSON knows
        :rtype: dict[crm.lead, dict]
        """
        blockers = self._get_stage_blockers(stage)
        passed = {lead: lead._get_stages_to_pass(stage.id if stage else None) for lead in self}
        rows = {lead: [] for lead in self}
        with self._counting_together():
            for requirement, asked in self._get_asked_requirements(passed).items():
                for lead, row in asked._prepare_requirement_rows(requirement, blockers).items():
                    rows[lead].append(row)
        tasks = self._get_next_tasks()
        undoable = self._get_undoable_moves()
        panels = {}
        for lead in self:
            others = [blocker for blocker in blockers[lead] if not self._is_of_requirement(blocker)]
            rows[lead] += [self._prepare_blocker_row(blocker) for blocker in others]
            panels[lead] = {
                **lead._prepare_panel_head(stage),
                **lead._prepare_panel_debt(tasks[lead]),
                "rows": rows[lead],
                "is_blocked": any(blocker.enforcement == BLOCK for blocker in blockers[lead]),
                "can_undo": lead in undoable,
            }
        return panels

    def _prepare_panel_head(self, stage):
        is_movable = self.active and self.won_status == "pending"
        target = stage or (is_movable and self._get_next_stage())
        entered = self.date_last_stage_update or self.create_date
        return {
            "id": self.id,
            "name": self.name,
            "number": self.deal_number or "",
            "former_numbers": self.former_deal_numbers or "",
            "deal_class": {"name": self.deal_class_id.name, "color": self.deal_class_id.color}
            if self.deal_class_id
            else False,
            "stage": {"id": self.stage_id.id, "name": self.stage_id.name or ""},
            "next": {"id": target.id, "name": target.name} if target and target != self.stage_id else False,
            "probability": self.probability,
            "days": max(0, (self.env.cr.now() - entered).days) if entered else 0,
            "is_movable": is_movable,
            "guidance": self.stage_id.stage_guidance or "",
        }

    def _prepare_panel_debt(self, tasks):
        """Who owes the next steps and until when: the to-dos due first, or else what was noted as the next step.

        :param sales.deal.task tasks: the open to-dos that are due first
        :rtype: dict
        """
        owed = [
            {
                "id": task.id,
                "name": task._get_label(),
                "owner": task.user_id.name or task.department_id.name or "",
                "due": fields.Datetime.to_string(task.due_at),
                "date": False,
            }
            for task in tasks
        ]
        if not owed and self.deal_next_step:
            owed.append(
                {
                    "id": 0,
                    "name": self.deal_next_step,
                    "owner": self.user_id.name or "",
                    "due": False,
                    "date": fields.Date.to_string(self.deal_next_step_date),
                }
            )
        return {"owed": owed, "waiting_for": self.deal_blocking_reason or ""}

    def _get_next_tasks(self):
        """:return: the open to-dos of these deals that are due first, as many as the panel shows
        :rtype: dict[crm.lead, sales.deal.task]
        """
        # sudo: whoever may see a deal may see who owes its next steps.
        tasks = self.env["sales.deal.task"].sudo().search([("lead_id", "in", self.ids), ("state", "=", "open")])
        by_lead = tasks.grouped(lambda task: task.lead_id.id)
        return {lead: by_lead.get(lead.id, tasks.browse())[:SHOWN_TASKS] for lead in self}

    # === Rows === #

    def _prepare_requirement_rows(self, requirement, blockers):
        """:return: what the panel shows of a requirement, by deal
        :rtype: dict[crm.lead, dict]
        """
        lines = self._get_checklist_lines(requirement) if requirement.kind == "checklist" else {}
        common = {
            "key": f"requirement_{requirement.id}",
            "code": requirement.kind,
            "enforcement": requirement.enforcement,
            "requirement_id": requirement.id,
            "document_type_id": requirement.document_type_id.id,
            "field": self._prepare_row_field(requirement) if requirement.kind == "field" else False,
        }
        is_plain = requirement.kind in PLAIN and requirement.min_count <= 1
        rows = {}
        for lead in self:
            blocker = next((found for found in blockers[lead] if found.source == requirement), None)
            items = [
                {"id": line["id"], "item_id": line["item_id"], "name": line["name"], "is_done": line["is_done"]}
                for line in lines.get(lead, ())
            ]
            rows[lead] = {
                **common,
                "is_met": blocker is None,
                "text": blocker.message if blocker and not is_plain else requirement.name,
                "items": items,
                "has_quotation": requirement.kind in QUOTED and bool(lead.quotation_count or lead.sale_order_count),
                "action": blocker.action if blocker else None,
            }
        return rows

    def _prepare_row_field(self, requirement):
        """:return: what the client needs to edit the required field in place, nothing when the form has to be opened"""
        field = self._fields[requirement.field_id.name]
        if field.type not in INLINE_TYPES or field.readonly or not self._has_field_access(field, "write"):
            return False
        names = [field.name]
        if field.type == "monetary":
            names.append(field.get_currency_field(self))
        return {"name": field.name, "type": field.type, "names": names}

    @api.model
    def _prepare_blocker_row(self, blocker):
        source = blocker.source
        return {
            "key": f"{blocker.code}_{source.id}" if source else blocker.code,
            "code": blocker.code,
            "enforcement": blocker.enforcement,
            "is_met": False,
            "text": blocker.message,
            "items": [],
            "field": False,
            "action": blocker.action,
        }

    @api.model
    def _is_of_requirement(self, blocker):
        return bool(blocker.source) and blocker.source._name == "sales.stage.requirement"
