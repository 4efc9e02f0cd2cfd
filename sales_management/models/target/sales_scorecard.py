from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.tools.sales_period import get_period
from odoo.addons.sales_management.tools.scorecard import Indicator, get_scorecard, rank

#: What a published scorecard says for good.
LOCKED = frozenset(
    {"user_id", "team_id", "company_id", "period_kind", "date_from", "line_ids", "total", "completeness"}
)


class SalesScorecard(models.Model):
    """How a person did in a period: indicators with their weights, points and sources. Locked once published."""

    _name = "sales.scorecard"
    _inherit = ["mail.thread"]
    _description = "Scorecard"
    _order = "date_from desc, total desc, id"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", string="Salesperson", required=True, readonly=True, ondelete="cascade", index=True
    )
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", readonly=True, ondelete="set null", help="Of the person when it was made."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    period_kind = fields.Selection([("month", "Month"), ("quarter", "Quarter")], required=True, readonly=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")], default="draft", required=True, readonly=True, tracking=True
    )
    line_ids = fields.One2many("sales.scorecard.line", "scorecard_id", string="Indicators", readonly=True)
    total = fields.Float(
        string="Result", readonly=True, digits=(16, 2), aggregator="avg", help="Mean of the points, by weight."
    )
    completeness = fields.Float(
        string="Known (%)",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Part of the weights whose indicator has a value. The others get their weight.",
    )
    rank = fields.Integer(
        compute="_compute_rank",
        compute_sudo=True,
        help="Place in the team for this period. Shown where the company chose so, and to leaders.",
    )
    published_at = fields.Datetime(string="Published On", readonly=True, copy=False)

    _person_period_uniq = models.UniqueIndex(
        "(company_id, user_id, period_kind, date_from)", "This person has a scorecard for the period already."
    )

    # === ORM === #

    def write(self, vals):
        if LOCKED & vals.keys():
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def _check_draft(self):
        published = self.filtered(lambda card: card.state == "published")
        if published:
            raise UserError(
                self.env._(
                    "These scorecards are published, and stay as they are. Reopen them first: %(cards)s",
                    cards=", ".join(published.mapped("display_name")),
                )
            )

    # === Computes === #

    @api.depends("user_id", "date_from", "period_kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for card in self:
            period = self.env["sales.target"]._get_period_label(card.period_kind or "month", card.date_from)
            card.display_name = " · ".join(filter(None, [card.user_id.name, period]))

    @api.depends("total", "team_id", "date_from", "period_kind", "company_id.sales_scorecard_ranking")
    @api.depends_context("uid")
    def _compute_rank(self):
        leads = self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
        shown = self.filtered(
            lambda card: leads or card.company_id.sales_scorecard_ranking or card.team_id.user_id == self.env.user
        )
        (self - shown).rank = 0
        peers = self.search_fetch(
            [("date_from", "in", shown.mapped("date_from")), ("team_id", "in", shown.team_id.ids)],
            ["total", "team_id", "date_from", "period_kind", "company_id"],
        )
        groups = (shown | peers).grouped(lambda card: (card.team_id, card.date_from, card.period_kind, card.company_id))
        for cards in groups.values():
            places = rank({card: card.total for card in cards})
            for card in cards & shown:
                card.rank = places[card]

    # === Making === #

    @api.model
    def _make(self, company, kind, day, users=None):
        """Make the drafts of a period anew for everybody of the teams; what is published stays.

        :param str kind: ``month`` or ``quarter``
        :param date day: any day of the period
        :param res.users users: nobody else; none for everybody who is member of a team
        :rtype: sales.scorecard
        :raise UserError: where nobody is there to be judged
        """
        period = get_period(kind, day, company.sales_month_start or 1)
        members = self._get_members(company, users)
        existing = self.search(
            [("company_id", "=", company.id), ("period_kind", "=", kind), ("date_from", "=", period.start)]
        )
        locked = existing.filtered(lambda card: card.state == "published").user_id
        todo = {user: team for user, team in members.items() if user not in locked}
        if not todo:
            raise UserError(
                self.env._(
                    "There is nobody to make a scorecard for. Give %(company)s a sales team with members, or reopen "
                    "what is published.",
                    company=company.name,
                )
            )
        existing.filtered(lambda card: card.state == "draft").unlink()
        indicators = self.env["sales.scorecard.indicator"]._get_of_company(company)
        people = self.env["res.users"].union(*todo)
        values = self.env["sales.scorecard.value"]._get_values(indicators, company, period, people)
        return self.create(
            [self._prepare_card(company, period, user, team, indicators, values) for user, team in todo.items()]
        )

    @api.model
    def _get_members(self, company, users=None):
        """:return: the people who are judged, with their team; who is in several has the first
        :rtype: dict[res.users, crm.team]
        """
        memberships = self.env["crm.team.member"].search(
            [("crm_team_id.company_id", "in", (company.id, False)), ("user_id.active", "=", True)]
        )
        found = {}
        for membership in memberships:
            user = membership.user_id
            if (not users or user in users) and company in user.company_ids:
                found.setdefault(user, membership.crm_team_id)
        return found

    @api.model
    def _prepare_card(self, company, period, user, team, indicators, values):
        own = {indicator: values[indicator].get(user.id) for indicator in indicators}
        card = get_scorecard(
            [
                Indicator(indicator.id, own[indicator], indicator.wanted, indicator.weight, indicator.is_higher_better)
                for indicator in indicators
            ]
        )
        return {
            "user_id": user.id,
            "team_id": team.id,
            "company_id": company.id,
            "period_kind": period.kind,
            "date_from": period.start,
            "date_to": period.end,
            "total": card.total or 0.0,
            "completeness": card.completeness,
            "line_ids": [
                fields.Command.create(indicator._prepare_line(own[indicator], card.scores[indicator.id]))
                for indicator in indicators
            ],
        }

    # === Actions === #

    def action_publish(self):
        """Lock scorecards, and tell each person of theirs.

        :return: True
        """
        self.check_access("write")
        drafts = self.filtered(lambda card: card.state == "draft")
        drafts.write({"state": "published", "published_at": fields.Datetime.now()})
        for card in drafts:
            card.message_subscribe(partner_ids=card.user_id.partner_id.ids)
            card.message_post(
                body=card.env._("Your scorecard is published: %(total)s points.", total=f"{card.total:g}"),
                partner_ids=card.user_id.partner_id.ids,
            )
        return True

    def action_open_reopen(self):
        """Ask why published scorecards are opened again.

        :return: action
        :rtype: dict
        """
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_scorecard_reopen_action"),
            "context": {"default_scorecard_ids": self.filtered(lambda card: card.state == "published").ids},
        }

    def _reopen(self, reason):
        """Let published scorecards be made anew.

        :param str reason: why, for the chatter
        """
        self.check_access("write")
        for card in self.filtered(lambda card: card.state == "published"):
            card.write({"state": "draft", "published_at": False})
            card._message_log(body=self.env._("Reopened: %(reason)s", reason=reason))
