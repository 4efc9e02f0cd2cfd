from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sales_management.models.common.sales_setup import SetupState, SetupStep


class SalesSetup(models.AbstractModel):
    _inherit = "sales.setup"

    @api.model
    def _get_setup_steps(self):
        return [
            *super()._get_setup_steps(),
            SetupStep(
                "process",
                10,
                self.env._("Staged Process"),
                self.env._("A template brings stages, what each of them asks, and to-dos with deadlines."),
            ),
            SetupStep(
                "stages",
                20,
                self.env._("Stages and Classes"),
                self.env._("What a deal must have to move on, and how much is asked of which deal."),
            ),
            SetupStep(
                "import",
                80,
                self.env._("Your Deals"),
                self.env._("Opportunities from a file, with their numbers and dates. No to-do is opened for them."),
            ),
        ]

    # === Process === #

    @api.model
    def _get_process_setup_state(self):
        company = self.env.company
        requirements = self._get_company_requirements()
        if not company.sales_process_enabled and not requirements:
            action = partial(self._prepare_setup_action, "sales_management.sales_process_apply_action")
            return SetupState("off", self.env._("Nothing is asked yet."), self.env._("Choose a Template"), action)
        if not company.sales_process_enabled:
            return SetupState("off", self.env._("Switched off."), self.env._("Switch On"), self._switch_process_on)
        action = partial(self._prepare_setup_action, "sales_management.sales_policy_action")
        button = self.env._("Set Policies")
        if not requirements:
            return SetupState("done", self.env._("Switched on, without requirements."), button, action)
        level = "block" if "block" in requirements.mapped("enforcement") else "warn"
        return SetupState(level, self._format_process_state(requirements, level), button, action)

    @api.model
    def _switch_process_on(self):
        self.env["sales.process.template"]._enable(self.env.company)
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.model
    def _format_process_state(self, requirements, level):
        strictest = requirements.filtered(lambda requirement: requirement.enforcement == level)
        since = min(requirement.active_from or requirement.create_date.date() for requirement in strictest)
        stopped, total = self._count_stopped_deals()
        return self.env._(
            "%(level)s since %(date)s · would have stopped %(stopped)s of %(total)s in 30 days",
            level=dict(requirements._fields["enforcement"]._description_selection(self.env))[level],
            date=format_date(self.env, since),
            stopped=stopped,
            total=total,
        )

    @api.model
    def _count_stopped_deals(self):
        """:return: deals that people or imports moved forward in the last 30 days with something unmet, and all of them
        :rtype: tuple[int, int]
        """
        domain = (
            Domain("company_id", "in", (False, self.env.company.id))
            & Domain("direction", "in", ("forward", "won"))
            & Domain("origin", "in", ("user", "import"))
            & Domain("moved_at", ">=", fields.Datetime.now() - timedelta(days=30))
        )
        # sudo: the figure is that of the company, to whoever may see its settings.
        Move = self.env["sales.stage.move"].sudo()
        counts = [
            Move._read_group(each, [], ["lead_id:count_distinct"])[0][0]
            for each in (domain & Domain("warned_requirement_ids", "!=", False), domain)
        ]
        return tuple(counts)

    @api.model
    def _get_company_requirements(self):
        return self.env["sales.stage.requirement"].search([("company_id", "in", (False, self.env.company.id))])

    # === Stages === #

    @api.model
    def _get_stages_setup_state(self):
        counts = {
            "stages": self.env["crm.stage"].search_count([("id", "!=", False)]),
            "classes": self.env["sales.deal.class"].search_count([("company_id", "in", (False, self.env.company.id))]),
            "asked": len(self._get_company_requirements()),
        }
        text = self.env._("%(stages)s stages · %(asked)s requirements · %(classes)s deal classes", **counts)
        action = partial(self._prepare_setup_action, "sales_management.crm_stage_action_process")
        return SetupState("done" if counts["asked"] else "todo", text, self.env._("Change Stages"), action)

    # === Import === #

    @api.model
    def _get_import_setup_state(self):
        # sudo: as in _count_stopped_deals.
        Lead = self.env["crm.lead"].sudo().with_context(active_test=False)
        count = Lead.search_count([("type", "=", "opportunity"), ("company_id", "in", (False, self.env.company.id))])
        text = self.env._("%(count)s deals", count=count) if count else self.env._("No deal yet.")
        action = partial(self._prepare_import_action, "crm.lead", {"default_type": "opportunity"})
        return SetupState("done" if count else "todo", text, self.env._("Import Deals"), action)
