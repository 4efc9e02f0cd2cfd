from odoo import api, fields, models
from odoo.tools import ormcache

#: From what lets everything pass to what refuses.
LEVELS = ("off", "warn", "block")


class SalesPolicy(models.Model):
    """How strictly a rule of the business holds, by company and team, from a date on.

    Capabilities add their rules to ``code``. Without a policy a rule is off.
    """

    _name = "sales.policy"
    _inherit = ["mail.thread"]
    _description = "Sales Policy"
    _order = "code, company_id, id"
    _rec_name = "code"

    code = fields.Selection([], string="Rule", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
        tracking=True,
        help="Empty: it holds in all companies.",
    )
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", tracking=True, help="Empty: it holds for all teams, and for deals of none."
    )
    level = fields.Selection(
        [("off", "Off"), ("warn", "Warn"), ("block", "Block")],
        default="warn",
        required=True,
        tracking=True,
        help="Warn lets it pass and says so; block refuses it. Where several policies speak of a deal, the strictest "
        "counts.",
    )
    active_from = fields.Date(
        default=fields.Date.context_today,
        required=True,
        tracking=True,
        help="Until this date, in the time zone of the company, the policy is off.",
    )
    active = fields.Boolean(default=True, tracking=True)
    would_stop_count = fields.Integer(
        string="Stopped Cases",
        compute="_compute_would_stop",
        help="How often in the last 30 days something happened that this policy refuses when it blocks.",
    )
    would_stop_total = fields.Integer(
        string="Out Of",
        compute="_compute_would_stop",
        help="How often in the last 30 days something happened that this policy looks at.",
    )
    would_stop_label = fields.Char(
        string="Would Have Stopped",
        compute="_compute_would_stop",
        help="Cases that this policy refuses when it blocks, of all that it looks at: those of the last 30 days for a "
        "policy about moves and losses, open deals that lack a value for one about values. Empty: it is not known.",
    )

    # === Computes === #

    @api.depends("code")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for policy in self:
            policy.display_name = labels.get(policy.code, "")

    @api.depends("code", "company_id", "team_ids")
    def _compute_would_stop(self):
        figures = self._origin._get_would_stop()
        for policy in self:
            count, total = figures.get(policy._origin, (0, 0))
            policy.would_stop_count, policy.would_stop_total = count, total
            counted = policy._origin in figures
            policy.would_stop_label = (
                self.env._("%(count)s of %(total)s", count=count, total=total) if counted else False
            )

    # === Actions === #

    def action_set_off(self):
        """Let everything pass that these policies speak of."""
        self._set_level("off")

    def action_set_warn(self):
        """Let what these policies speak of pass, and say so."""
        self._set_level("warn")

    def action_set_block(self):
        """Refuse what these policies speak of."""
        self._set_level("block")

    def _set_level(self, level):
        self.filtered(lambda policy: policy.level != level).write({"level": level})

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === Hooks === #

    def _get_would_stop(self):
        """What these policies would have refused in the last 30 days; the number of queries does not grow with them.

        To override: answer for your codes, and add ``super()``'s.

        :return: how many cases a policy would have refused, of how many; policies of which that is not recorded are
            left out
        :rtype: dict[sales.policy, tuple[int, int]]
        """
        return {}

    # === Asking === #

    @api.model
    def _get_level(self, code, company, team):
        """How strictly a rule holds for a document of a company and a team.

        :param str code: one of ``code``
        :param res.company company: company of the document
        :param crm.team team: its team, or none
        :return: ``off``, ``warn`` or ``block``; the strictest that applies
        :rtype: str
        """
        levels = ["off"]
        for level, company_id, team_ids, active_from in self._get_active_policies(code):
            holds = company_id in (False, company.id) and (not team_ids or team.id in team_ids)
            if holds and active_from <= self._get_today(company.id):
                levels.append(level)
        return max(levels, key=LEVELS.index)

    @api.model
    @ormcache("code")
    def _get_active_policies(self, code):
        # sudo: a policy holds for everybody, also for who may not see it. Archived teams are read as well: a policy for
        # such a team alone must not come to hold for all.
        policies = (
            self.sudo()
            .with_context(active_test=False)
            .search([("code", "=", code), ("level", "!=", "off"), ("active", "=", True)])
        )
        return tuple(
            (policy.level, policy.company_id.id, frozenset(policy.team_ids.ids), policy.active_from)
            for policy in policies
        )

    @api.model
    def _get_today(self, company_id):
        """Date in the time zone of a company, in which policies and requirements begin to hold."""
        return self.env["res.company"].browse(company_id)._get_sales_today()
