from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import is_html_empty

from odoo.addons.sales_management.tools.blocker import Blocker, RequirementState


class CrmLead(models.Model):
    """What a deal is missing before it may move on."""

    _inherit = "crm.lead"

    stage_blocker_count = fields.Integer(
        string="Missing",
        compute="_compute_stage_blocker_count",
        help="Number of things that are missing before this deal meets all that its stage asks.",
    )

    # === Computes === #

    @api.depends_context("uid")
    @api.depends("stage_id", "team_id", "deal_class_id", "active")
    def _compute_stage_blocker_count(self):
        counts = self.filtered("id")._count_missing()
        for lead in self:
            lead.stage_blocker_count = counts.get(lead.id, 0)

    # === Blockers === #

    def _get_stage_blockers(self, stage=None):
        """What stands between these deals and a stage, in a number of queries that does not grow with them.

        To override: add to ``super()``'s, in a number of queries that does not grow with the deals either.

        :param crm.stage | None stage: stage to move to, none for the next one of each deal
        :return: blockers per deal, an empty list for a deal that may go
        :rtype: dict[crm.lead, list[Blocker]]
        """
        deals = self.filtered(lambda lead: lead.type == "opportunity")._filter_process_enabled()
        passed = {lead: lead._get_stages_to_pass(stage.id if stage else None) for lead in deals}
        blockers = {lead: [] for lead in self} | self._get_requirement_blockers(passed)
        if stage:
            for lead in deals:
                blockers[lead] += lead._get_skip_blockers(passed[lead]) + lead._get_back_blockers(stage)
        return blockers

    def _get_requirement_blockers(self, passed):
        """Requirements that deals do not meet.

        :param dict[crm.lead, list[int]] passed: ids of the stages whose requirements hold, by deal
        :rtype: dict[crm.lead, list[Blocker]]
        """
        blockers = {lead: [] for lead in passed}
        with self.browse(lead.id for lead in passed)._counting_together():
            for requirement, asked in self._get_asked_requirements(passed).items():
                messages = {}
                for lead, state in asked._get_requirement_state(requirement).items():
                    if state.is_met:
                        continue
                    if state.reason not in messages:
                        messages[state.reason] = self._format_missing(requirement, state)
                    blocker = lead._prepare_requirement_blocker(requirement, state, messages[state.reason])
                    blockers[lead].append(blocker)
        return blockers

    def _get_stages_to_pass(self, stage_id, from_id=None):
        """Stages whose requirements a move of this deal must meet: the one left, and those passed over.

        :param int | None stage_id: stage reached, none for the next one
        :param int | None from_id: stage left, none for the one of the deal
        :return: ids in order, none for a move back
        :rtype: list[int]
        """
        order, team_id = self.env["crm.stage"]._get_stage_order(), self.team_id.id
        # A deal in no stage stands where a new one does: nobody gets past a requirement by emptying the stage.
        from_id = from_id or self.stage_id.id or order.get_start(team_id)
        if not stage_id:
            return [from_id] if from_id and not self.stage_id.is_won else []
        if stage_id == from_id or order.get_step(from_id, stage_id, team_id).direction == "back":
            return []
        return [from_id, *order.get_between(from_id, stage_id, team_id)] if from_id else []

    def _get_asked_requirements(self, passed):
        """Requirements that hold for deals that pass stages.

        :param dict[crm.lead, list[int]] passed: ids of stages by deal
        :return: deals by requirement, in the order of the stages
        :rtype: dict[sales.stage.requirement, crm.lead]
        """
        asked = self._get_asked_ids(passed)
        # sudo: what a stage asks is the same for everybody.
        requirements = self.env["sales.stage.requirement"].sudo().browse(asked)
        return {
            requirement: self.browse(asked[requirement.id]) for requirement in requirements if requirement._is_usable()
        }

    @api.model
    def _get_asked_ids(self, passed):
        """:return: ids of deals by the id of what is asked of them, of what cannot be asked any more as well
        :rtype: dict[int, list[int]]
        """
        scopes = self.env["sales.stage.requirement"]._get_scopes()
        if not scopes:
            return {}
        companies = self.browse(lead.id for lead in passed)._get_process_company_ids()
        asked, alike = defaultdict(list), {}
        for lead, stage_ids in passed.items():
            key = (tuple(stage_ids), companies[lead.id], lead.deal_class_id.id, lead.team_id.id)
            if key not in alike:
                found = [scope for stage_id in stage_ids for scope in scopes.get(stage_id, ())]
                alike[key] = [scope.id for scope in found if lead._is_in_requirement_scope(scope)]
            for requirement_id in alike[key]:
                asked[requirement_id].append(lead.id)
        return asked

    def _is_in_requirement_scope(self, scope):
        if scope.class_ids and self.deal_class_id.id not in scope.class_ids:
            return False
        if scope.team_ids and self.team_id.id not in scope.team_ids:
            return False
        if not scope.company_id and not scope.active_from:
            # To find the company of a deal costs more than all the rest, and most requirements are those of all.
            return True
        company_id = self._get_process_company().id
        return (not scope.company_id or scope.company_id == company_id) and (
            not scope.active_from or scope.active_from <= self.env["sales.policy"]._get_today(company_id)
        )

    @api.model
    def _format_missing(self, requirement, state):
        if not state.reason:
            return requirement.name
        return self.env._("%(requirement)s: %(reason)s", requirement=requirement.name, reason=state.reason)

    def _prepare_requirement_blocker(self, requirement, state, message):
        return Blocker(
            code=requirement.kind,
            record=self,
            message=message,
            action=state.action,
            enforcement=requirement.enforcement,
            source=requirement,
        )

    def _get_skip_blockers(self, passed):
        """:return: a blocker for each stage that is passed over, although its setting minds"""
        # sudo: as above.
        stages = self.env["crm.stage"].sudo().browse(passed[1:])
        return [
            Blocker(
                code="skip",
                record=self,
                message=self.env._("%(stage)s is passed over. Move through it, stage by stage.", stage=stage.name),
                enforcement=stage.skip_policy,
                source=stage,
            )
            for stage in stages
            if stage.skip_policy != "allow"
        ]

    def _get_back_blockers(self, stage):
        order = self.env["crm.stage"]._get_stage_order()
        if order.get_step(self.stage_id.id, stage.id, self.team_id.id).direction != "back":
            return []
        level = self.env["sales.policy"]._get_level("back_reason", self._get_process_company(), self.team_id)
        if level == "off":
            return []
        name = stage.name or self.env._("no stage")
        message = self.env._("Going back to %(stage)s needs a reason.", stage=name)
        return [Blocker(code="back_reason", record=self, message=message, enforcement=level)]

    # === Requirements === #

    def _get_requirement_state(self, requirement):
        """Whether these deals meet a requirement, in a number of queries that does not grow with them.

        To override: answer for your kind, and leave the others to ``super()``.

        :param sales.stage.requirement requirement: one requirement
        :return: state per deal
        :rtype: dict[crm.lead, RequirementState]
        """
        check = getattr(self, f"_get_{requirement.kind}_state")
        return check(requirement)

    def _get_field_state(self, requirement):
        name = requirement.field_id.name
        label = self._fields[name]._description_string(self.env)
        missing = RequirementState(False, self.env._("fill in %(field)s", field=label))
        written = self._preview_written([name])
        return {lead: RequirementState(True) if written[lead]._has_value(name) else missing for lead in self}

    def _get_domain_state(self, requirement):
        domain = requirement._get_deal_domain()
        written = self._preview_written({condition.field_expr.split(".")[0] for condition in domain.iter_conditions()})
        saved = self.filtered(lambda lead: written[lead].id)
        # sudo: a condition looks at what the deal is, not at what its reader may see.
        matching = saved.sudo().with_context(active_test=False).search(Domain("id", "in", saved.ids) & domain)
        missing = RequirementState(False, self.env._("not so yet"))
        return {
            lead: RequirementState(True)
            if lead.id in matching._ids or (lead not in saved and written[lead].filtered_domain(domain))
            else missing
            for lead in self
        }

    def _get_document_state(self, requirement):
        type_ = requirement.document_type_id
        counts = self._count_together("_count_documents")
        reason = self.env._("add %(document)s", document=type_.name)
        return self._get_count_state(
            requirement, {lead.id: counts.get((lead.id, type_.id), 0) for lead in self}, reason
        )

    def _get_checklist_state(self, requirement):
        lines = self._get_checklist_lines(requirement)
        states, reasons = {}, {}
        for lead in self:
            done, total = sum(line["is_done"] for line in lines[lead]), len(lines[lead])
            if (done, total) not in reasons:
                reasons[done, total] = self.env._("%(done)s of %(total)s done", done=done, total=total)
            states[lead] = RequirementState(0 < total == done, reasons[done, total])
        return states

    def _get_activity_state(self, requirement):
        type_ = requirement.activity_type_id
        counts = self._count_together("_count_activities")
        kind = type_.name or self.env._("a call, mail or meeting with the customer")
        reason = self.env._("do and mark done: %(activity)s", activity=kind)
        return self._get_count_state(
            requirement, {lead.id: counts.get((lead.id, type_.id), 0) for lead in self}, reason
        )

    def _get_quotation_state(self, requirement):
        counts = self._count_together("_count_orders")
        totals = {lead.id: counts.get((lead.id, "sent"), 0) + counts.get((lead.id, "sale"), 0) for lead in self}
        return self._get_count_state(requirement, totals, self.env._("hand a quotation over to the customer"))

    def _get_order_state(self, requirement):
        counts = self._count_together("_count_orders")
        totals = {lead.id: counts.get((lead.id, "sale"), 0) for lead in self}
        return self._get_count_state(requirement, totals, self.env._("confirm the order of this deal"))

    def _get_approval_state(self, requirement):
        """Until there is approval, a quotation that was sent counts."""
        return self._get_quotation_state(requirement)

    # === Tools === #

    @api.model
    def _get_own_activity_types(self):
        """Activities that are no contact with a customer. To override: add the external ids of yours.

        :rtype: tuple[str]
        """
        return (
            "mail.mail_activity_data_todo",
            "mail.mail_activity_data_upload_document",
            "mail.mail_activity_data_warning",
            "sales_management.mail_activity_type_deal_task",
        )

    def _has_value(self, name):
        """:return: whether a field is filled in; blanks alone, and the empty paragraphs of an editor, are nothing"""
        value = self[name]
        if self._fields[name].type == "html":
            return not is_html_empty(value)
        return bool(value.strip() if isinstance(value, str) else value)

    def _get_count_state(self, requirement, counts, reason):
        wanted = max(requirement.min_count, 1)
        states = {}
        for lead in self:
            count = counts.get(lead.id, 0)
            text = reason
            if wanted > 1:
                text = self.env._("%(reason)s (%(count)s of %(wanted)s)", reason=reason, count=count, wanted=wanted)
            states[lead] = RequirementState(True) if count >= wanted else RequirementState(False, text)
        return states

    def _get_checklist_lines(self, requirement):
        """Lines of a checklist on these deals: those that it asks today, and those that a deal has of its own.

        A line is stored when it is ticked or added, so that a checklist that is changed holds at once for every deal.

        :return: dictionaries with ``id``, ``item_id``, ``name``, ``is_done``, ``done_by_id`` and ``done_at`` per deal
        :rtype: dict[crm.lead, list[dict]]
        """
        stored = self._count_together("_find_checklist_lines")
        result = {}
        for lead in self:
            lines = stored.get((lead.id, requirement.id), ())
            by_item = {line.item_id.id: line for line in lines if line.item_id}
            result[lead] = [
                lead._prepare_checklist_line(by_item.get(item.id), item.name, item.id) for item in requirement.item_ids
            ]
            result[lead] += [lead._prepare_checklist_line(line, line.name) for line in lines if not line.item_id]
        return result

    @api.model
    def _prepare_checklist_line(self, line, name, item_id=False):
        return {
            "id": line.id if line else False,
            "item_id": item_id,
            "name": name,
            "is_done": bool(line and line.is_done),
            "done_by_id": line.done_by_id.id if line else False,
            "done_at": line.done_at if line else False,
        }
