from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import format_list

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tools.blocker import split_blockers

#: Origins of moves that somebody decided on. Core makes the others by itself: recorded, and never refused.
DECIDED = frozenset({"user", "import"})
#: Where the cursor keeps what is about to be written, while the gate asks what a deal will then be missing.
PENDING = "sales_management.pending_values"
#: Fields of a deal that say whose process holds for it.
SCOPE = frozenset({"company_id", "team_id", "user_id"})
#: Deals that a refusal names; a longer one is read by nobody.
SHOWN = 20


class CrmLead(models.Model):
    """The gate: who may move a deal to which stage, and what of it is recorded."""

    _inherit = "crm.lead"

    # === Actions === #

    def action_open_stage_change(self, stage_id=False):
        """Open the dialog that lists what stands between these deals and a stage, and takes it in place.

        :param int stage_id: stage to move to, none for the next one of each deal
        :return: action
        :rtype: dict
        """
        return self._prepare_stage_change_action(self.env["crm.stage"].browse(stage_id))

    def action_move_stage(self, stage_id, reason=None):
        """Move these deals, as a user does.

        :param int stage_id: stage to move to
        :param str | None reason: kept with the move; with it a sales manager passes what blocks
        :return: whether they were moved
        :rtype: bool
        :raise BlockedError: when something blocks one of them; then none is moved
        """
        return self.write({"stage_id": stage_id, "stage_move_reason": reason})

    # === Checking === #

    @api.model
    def _get_stage_move_origin(self, vals):
        """Customers decide on no stage: what they cause, such as an order that they sign, the system does for them."""
        origin = super()._get_stage_move_origin(vals)
        if origin == "user" and not self.env.user.has_group("base.group_user"):
            return "system"
        return origin

    @api.model
    def _is_gated(self, origin):
        """To override: return ``False`` for moves that nothing may refuse.

        :param str origin: one of the origins of ``sales.stage.move``
        :rtype: bool
        """
        return origin in DECIDED

    def _check_stage_move(self, vals, origin):
        details = super()._check_stage_move(vals, origin)
        if not self._is_gated(origin):
            return details
        deals = self.filtered(lambda lead: lead.type == "opportunity")._filter_process_enabled()
        if not deals:
            return details
        with self._pending_values(vals):
            return deals._pass_blockers(deals._get_move_blockers(vals), details, self._get_written_stage(vals))

    def _get_move_blockers(self, vals):
        """What stands in the way of a write. To override: add to ``super()``'s.

        :param dict vals: values about to be written
        :rtype: dict[crm.lead, list[Blocker]]
        """
        if "stage_id" not in vals:
            return {}
        stage = self._get_written_stage(vals)
        moving = self.filtered(lambda lead: lead.stage_id != stage)
        if not stage:
            # Out of all stages: that is back, and the way on from there is that of a new deal.
            blockers = {lead: lead._get_back_blockers(stage) for lead in moving}
        else:
            blockers = moving._get_stage_blockers(stage) if moving else {}
        if self._get_written_reason(vals):
            # The reason is what is asked for.
            blockers = {
                lead: [blocker for blocker in found if blocker.code != "back_reason"]
                for lead, found in blockers.items()
            }
        return blockers

    def _get_written_stage(self, vals):
        """:return: the stage as the ORM is going to understand it, none when it is emptied or not written"""
        field = self._fields["stage_id"]
        return self.env["crm.stage"].browse(field.convert_to_cache(vals.get("stage_id") or False, self) or ())

    @contextmanager
    def _pending_values(self, vals):
        """Let requirements look at these deals as they will be: what is missing may come with the move itself."""
        cache = self.env.cr.cache
        outer = cache.get(PENDING)
        cache[PENDING] = {
            name: value for name, value in vals.items() if name in self._fields and self._fields[name].store
        }
        cache[PENDING].pop("stage_id", None)
        try:
            yield
        finally:
            cache[PENDING] = outer

    def _preview_written(self, names):
        """These deals as they will be after the write that the gate looks at.

        :param Iterable[str] names: fields that are going to be looked at
        :return: an unsaved copy per deal, or the deal itself when none of the fields is about to be written
        :rtype: dict[crm.lead, crm.lead]
        """
        pending = self.env.cr.cache.get(PENDING) or {}
        # sudo: a requirement looks at what the deal is, not at what its reader may see.
        leads = self.sudo()
        if pending.keys().isdisjoint(names):
            return dict(zip(self, leads, strict=True))
        return {lead: lead.sudo().new(pending, origin=lead.sudo()) for lead in self}  # sudo: as above

    def _pass_blockers(self, blockers, details, stage):
        """Refuse what blocks, unless a sales manager gave a reason, and tell of what only warns.

        :param dict[crm.lead, list[Blocker]] blockers: by deal
        :param dict[crm.lead, dict] details: values that the moves are recorded with
        :param crm.stage stage: stage that the deals move to, or none
        :return: the details, with what was passed
        :rtype: dict[crm.lead, dict]
        """
        blocking, warning = split_blockers(blockers)
        refused = {lead: found for lead, found in blocking.items() if not details.get(lead) or not self._may_override()}
        if refused:
            self._raise_stage_blockers(refused, stage)
        if warning:
            self._tell_stage_warnings(warning)
        details = dict(details)
        for lead in blocking.keys() | warning.keys():
            passed = blocking.get(lead, []) + warning.get(lead, [])
            unmet = [blocker.source for blocker in passed if blocker.source]
            requirements = [source.id for source in unmet if source._name == "sales.stage.requirement"]
            details[lead] = {
                **details.get(lead, {}),
                "is_override": lead in blocking,
                "warned_requirement_ids": [fields.Command.set(requirements)],
                "warned_summary": "\n".join(blocker.message for blocker in passed),
            }
        return details

    def _may_override(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    def _raise_stage_blockers(self, blockers, stage):
        lines = self._format_blockers(blockers, lambda lead: lead._format_deals())
        raise BlockedError(
            self.env._("Something is missing before these deals may be moved on:\n%(deals)s", deals=lines),
            *self._prepare_blocked_action(blockers, stage),
        )

    def _format_blockers(self, blockers, get_label):
        """:return: what blocks, deal by deal, of as many deals as a person reads"""
        lines = []
        for lead, found in list(blockers.items())[:SHOWN]:
            lines.append(get_label(lead))
            lines += [f"    • {blocker.message}" for blocker in found]
        if len(blockers) > SHOWN:
            lines.append(self.env._("… and %(count)s more deals", count=len(blockers) - SHOWN))
        return "\n".join(lines)

    def _prepare_blocked_action(self, blockers, stage):
        """What a refusal offers. To override: for blockers that another screen resolves.

        :param dict[crm.lead, list[Blocker]] blockers: what blocks, by deal
        :param crm.stage stage: stage that the deals were to move to, or none
        :return: action, and the text of its button
        :rtype: tuple[dict, str]
        """
        deals = self.browse(lead.id for lead in blockers)
        return deals._prepare_stage_change_action(stage), self.env._("Show What Is Missing")

    def _tell_stage_warnings(self, warnings):
        messages = [
            self.env._(
                "%(deal)s: %(missing)s",
                deal=lead.deal_number or lead.name,
                missing=format_list(self.env, [blocker.message for blocker in found]),
            )
            for lead, found in list(warnings.items())[:SHOWN]
        ]
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "title": self.env._("Saved, although something is missing"),
                "message": "\n".join(messages),
            },
        )

    def _prepare_stage_change_action(self, stage):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move On"),
            "res_model": "sales.stage.change",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_lead_ids": self.ids, "default_stage_id": stage.id},
        }

    def _format_deals(self):
        return "\n".join(f"- {lead.deal_number or '/'} · {lead.name}" for lead in self[:SHOWN])

    # === Starting late === #

    def _after_deal_start(self, origin):
        """Let a deal that starts in a late stage meet what those before it ask, and record that it enters there."""
        result = super()._after_deal_start(origin)
        late = self._filter_process_enabled().filtered(lambda lead: lead._get_stages_before_start())
        if not late:
            return result
        details = {}
        if origin == "user" and self._is_gated(origin) and not self._may_override():
            passed = {lead: lead._get_stages_before_start() for lead in late}
            blockers = late._get_requirement_blockers(passed)
            late._check_late_start(blockers)
            details = late._pass_blockers(blockers, {}, self.env["crm.stage"])
        late._add_stage_moves(
            [
                {
                    **lead._prepare_stage_move_common_values(origin),
                    "moved_at": lead.date_last_stage_update or self.env.cr.now(),
                    "direction": "enter",
                    "to_stage_id": lead.stage_id.id,
                    **details.get(lead, {}),
                }
                for lead in late
            ]
        )
        return result

    def _check_late_start(self, blockers):
        """Refuse a late start without offering to show what is missing: undone, there is no deal to show it of, and its
        number goes to another one.
        """
        blocking, _warning = split_blockers(blockers)
        if blocking:
            raise BlockedError(
                self.env._(
                    "Something is missing before these deals may begin in their stage. Begin in an earlier stage and "
                    "move on from there, or ask a sales manager to do it:\n%(deals)s",
                    deals=self._format_blockers(blocking, lambda lead: f"- {lead.name} · {lead.stage_id.name}"),
                )
            )

    def _get_stages_before_start(self):
        start_id = self.env["crm.stage"]._get_stage_order().get_start(self.team_id.id)
        return self._get_stages_to_pass(self.stage_id.id, start_id) if start_id and self.stage_id else []

    # === Coming from elsewhere === #

    @contextmanager
    def _around_document_write(self, vals):
        """Nobody gets past a requirement by the way through a company that does not use the process."""
        outside = self.browse() if SCOPE.isdisjoint(vals) else self._filter_process_disabled()
        with super()._around_document_write(vals):
            yield
        if outside and self._get_stage_move_origin(vals) == "user" and self._is_gated("user"):
            outside._check_arriving_deals()

    def _filter_process_disabled(self):
        if not self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"):
            return self.browse()
        return self - self._filter_process_enabled()

    def _check_arriving_deals(self):
        """Let deals that come under a process in a late stage meet what those before it ask, as new deals do."""
        arrived = self.filtered(lambda lead: lead.type == "opportunity" and lead.won_status != "lost")
        passed = {lead: lead._get_stages_before_start() for lead in arrived._filter_process_enabled()}
        if any(passed.values()) and not self._may_override():
            self._pass_blockers(self._get_requirement_blockers(passed), {}, self.env["crm.stage"])
