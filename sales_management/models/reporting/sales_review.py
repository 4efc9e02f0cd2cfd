from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate, format_date

from odoo.addons.sales_management.tools.sales_period import get_period

_lt = LazyTranslate(__name__)


class SalesReview(models.Model):
    """A page for the meeting of a week. It keeps whose week it is, and no figure: each reader sees the own rights."""

    _name = "sales.review"
    _description = "Weekly Review"
    _order = "date_from desc, id desc"

    name = fields.Char(compute="_compute_name")
    user_id = fields.Many2one(
        "res.users", string="Leader", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        readonly=True,
        help="The teams that the leader led when the page was made. Empty: all that its reader may see.",
    )
    date_from = fields.Date(string="From", required=True, readonly=True, index=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    announced_at = fields.Datetime(string="Sent On", readonly=True, help="When its leader was told of it.")
    content = fields.Html(
        compute="_compute_content",
        compute_sudo=False,
        sanitize=False,
        help="What was won and lost in the week, and what is open now, as far as its reader may see it.",
    )

    _week_unique = models.UniqueIndex(
        "(user_id, company_id, date_from)", "The review of this week is there already. Open it in the list."
    )

    # === Computes === #

    @api.depends("date_from", "date_to", "user_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for review in self:
            review.name = self.env._(
                "%(leader)s, %(first)s – %(last)s",
                leader=review.user_id.sudo().name,  # sudo: a page says whose it is
                first=format_date(self.env, review.date_from),
                last=format_date(self.env, review.date_to),
            )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for review in self:
            review.display_name = review.name

    @api.depends("user_id", "company_id", "team_ids", "date_from", "date_to")
    @api.depends_context("uid", "lang", "tz")
    def _compute_content(self):
        for review in self:
            scoped = review.with_context(allowed_company_ids=review.company_id.ids, active_test=True)
            review.content = scoped.env["ir.qweb"]._render(
                "sales_management.sales_review_content", scoped._get_page_values(), lang=self.env.lang
            )

    # === Actions === #

    def action_open_last_week(self):
        """Open the own review of the week that is over.

        :return: action
        :rtype: dict
        """
        return self._open_week(self.env.user, self._get_week(self.env.company).previous())

    def action_open_this_week(self):
        """Open the own review of the week so far.

        :return: action
        :rtype: dict
        """
        return self._open_week(self.env.user, self._get_week(self.env.company))

    def action_open_previous(self):
        """Open the review of the week before this one.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        reviews = self.with_company(self.company_id)
        return reviews._open_week(self.user_id, get_period("week", self.date_from).previous())

    def action_open_next(self):
        """Open the review of the week after this one.

        :return: action
        :rtype: dict
        :raise UserError: of a week that has not begun
        """
        self.ensure_one()
        self.check_access("read")
        reviews = self.with_company(self.company_id)
        return reviews._open_week(self.user_id, get_period("week", self.date_from).next())

    def _open_week(self, user, week):
        company = self.env.company
        if company.id not in self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled"):
            raise UserError(
                self.env._("%(company)s does not use sales reports. Ask your manager.", company=company.name)
            )
        self.env["sales.result"].check_access("read")
        if week.start > self._get_week(company).start:
            raise UserError(self.env._("That week has not begun yet."))
        review = self._get_or_make(company, week, {user: self._get_led_teams(company).get(user, ())})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": review.id,
            "views": [(False, "form")],
        }

    # === Making === #

    @api.model
    def _get_week(self, company):
        """:return: the week that it is by the clock of a company
        :rtype: Period
        """
        return get_period("week", company._get_sales_today())

    @api.model
    def _get_led_teams(self, company):
        """:return: the teams of a company, by the person who leads them
        :rtype: dict[res.users, list[int]]
        """
        # sudo: who leads a team gets its page, whoever runs the job.
        teams = (
            self.env["crm.team"].sudo().search([("user_id", "!=", False), ("company_id", "in", [company.id, False])])
        )
        return {user.sudo(False): found.ids for user, found in teams.grouped("user_id").items()}

    @api.model
    def _get_or_make(self, company, week, teams_by_user):
        """Find the reviews of a week, and make those that are missing.

        :param dict teams_by_user: ids of teams, by the person whose review it is
        :rtype: sales.review
        """
        # Two at once: the one waits here, and finds what the other made.
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext('sales_review'), %s)", company.id))
        known = Domain("company_id", "=", company.id) & Domain("date_from", "=", week.start)
        users = self.env["res.users"].browse([user.id for user in teams_by_user])
        reviews = self.sudo()  # sudo: nobody writes one by hand
        found = reviews.search(known & Domain("user_id", "in", users.ids))
        made = reviews.create(
            [
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "team_ids": [fields.Command.set(teams_by_user[user])],
                    "date_from": week.start,
                    "date_to": week.end,
                }
                for user in users - found.user_id
            ]
        )
        return (found | made).sudo(self.env.su)

    # === Job === #

    @api.model
    def _cron_make(self):
        """Make and announce the reviews of the week that is over, once for each leader."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_reporting_enabled")
        companies = self.env["res.company"].browse(sorted(enabled))
        for position, company in enumerate(companies, start=1):
            self._make(company)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - position)

    @api.model
    def _make(self, company):
        """
        :return: the reviews that were announced now
        :rtype: sales.review
        """
        today = company._get_sales_today()
        if not company.sales_review_day or today.weekday() < int(company.sales_review_day):
            return self.browse()
        week = get_period("week", today).previous()
        teams = self._get_led_teams(company) | dict.fromkeys(company.sales_review_user_ids, ())
        teams = {user: ids for user, ids in teams.items() if self._may_receive(user, company)}
        reviews = self._get_or_make(company, week, teams)
        fresh = reviews.filtered(lambda review: not review.announced_at)
        if fresh:
            fresh._announce()
        return fresh

    @api.model
    def _may_receive(self, user, company):
        is_inside = user.active and not user.share and company in user.company_ids
        return is_inside and self.env["sales.result"].with_user(user).has_access("read")

    def _announce(self):
        """Tell leaders, and channels of their teams, where the page is. Figures are on the page only."""
        body = _lt("What was won and lost, what slipped, what is overdue, and the gap to the target.")
        leaders = {review: review.user_id for review in self}
        self.env["sales.notice.mixin"]._send_notice("review", self, leaders, _lt("Weekly review"), body)
        self.sudo().announced_at = fields.Datetime.now()  # sudo: nobody writes one by hand
