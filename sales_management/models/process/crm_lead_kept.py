from odoo import models
from odoo.tools import format_list

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tools.blocker import Blocker, split_blockers


class CrmLead(models.Model):
    """What a passed stage required is kept, where the policy says so."""

    _inherit = "crm.lead"

    # === ORM === #

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        if self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"):
            self._check_kept_values(vals)
        return vals

    # === Checking === #

    def _check_kept_values(self, vals):
        """Refuse, or warn of, emptying a field that a stage which a deal has passed required."""
        names = vals.keys() & self.env["sales.stage.requirement"]._get_field_requirements().keys()
        if not names or not self._is_gated(self._get_stage_move_origin(vals)):
            return
        deals = self.filtered(lambda lead: lead.type == "opportunity")._filter_process_enabled()
        with self._pending_values(vals):
            blockers = {lead: lead._get_kept_blockers(names) for lead in deals}
        blocking, warning = split_blockers(blockers)
        if blocking:
            lines = [f"{lead._format_deals()}\n    • {found[0].message}" for lead, found in blocking.items()]
            raise BlockedError(
                self.env._("Do not empty what is kept. Give another value instead:\n%(deals)s", deals="\n".join(lines))
            )
        if warning:
            self._tell_stage_warnings(warning)

    def _get_kept_blockers(self, names):
        level = self.env["sales.policy"]._get_level("kept_value", self._get_process_company(), self.team_id)
        if level == "off":
            return []
        required = self._get_required_fields() & names
        # sudo: what was required counts, whoever may read it.
        before, after = self.sudo(), self._preview_written(required)[self]
        emptied = [name for name in sorted(required) if before._has_value(name) and not after._has_value(name)]
        if not emptied:
            return []
        labels = format_list(self.env, [self._fields[name]._description_string(self.env) for name in emptied])
        message = self.env._("%(fields)s: a stage that it has passed asked for it", fields=labels)
        return [Blocker("kept_value", self, message, enforcement=level)]

    def _get_required_fields(self):
        """:return: names of the fields that a stage which this deal has passed required
        :rtype: set[str]
        """
        requirements = self.env["sales.stage.requirement"]
        scopes = requirements._get_scopes()
        passed = {
            scope.id
            for stage_id in self._get_stages_before_start()
            for scope in scopes.get(stage_id, ())
            if self._is_in_requirement_scope(scope)
        }
        return {name for name, ids in requirements._get_field_requirements().items() if not passed.isdisjoint(ids)}
