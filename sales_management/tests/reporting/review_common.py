"""What tests of the review start from: a week that is over, and deals that were closed in it."""

from datetime import date

from freezegun import freeze_time

from odoo.addons.sales_management.tests.reporting.workbook_common import WorkbookCommon

#: A Monday, and the Tuesday of the week after: the week that is reviewed is over.
MONDAY, SUNDAY = date(2026, 6, 1), date(2026, 6, 7)
NOW = "2026-06-09 08:00:00"


class ReviewCommon(WorkbookCommon):
    #: The moment at which tests run; None for the one that it is.
    clock = NOW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"sales_month_start": 1, "sales_amount_tax": "excluded", "sales_process_enabled": False})
        cls.env["crm.lead"].search([("type", "=", "opportunity")]).type = "lead"
        cls.env["crm.team"].search([("id", "not in", (cls.team | cls.other_team).ids)]).active = False
        cls.team.company_id = cls.company

    def setUp(self):
        super().setUp()
        if self.clock:
            self.startPatcher(freeze_time(self.clock))

    @classmethod
    def _deal(cls, amount=100, **values):
        return cls._create_deals(
            **{"company_id": cls.company.id, "expected_revenue": amount, "date_deadline": date(2026, 6, 30), **values}
        )

    @classmethod
    def _close(cls, deals, moment, reason=None):
        for deal in deals:
            if reason:
                deal.action_set_lost(lost_reason_id=reason.id)
            else:
                deal.action_set_won()
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE crm_lead SET date_closed = %s WHERE id = ANY(%s)", [moment, deals.ids])
        cls.env.invalidate_all()
        return deals

    def _review(self, user=None, monday=MONDAY, teams=None):
        week = self.env["sales.review"]._get_week(self.company)
        while week.start > monday:
            week = week.previous()
        user = user or self.leader
        teams = self.team.ids if teams is None else teams
        review = self.env["sales.review"]._get_or_make(self.company, week, {user: teams})
        return review.with_user(user)

    def _read(self, review=None, reader=None):
        """The page as its reader sees it: figures and sections by title."""
        self.env.flush_all()
        review = (review or self._review()).with_user(reader or self.leader)
        review = review.with_context(allowed_company_ids=self.company.ids)
        values = review._get_page_values()
        figures = {figure["label"]: figure for figure in values["figures"]}
        return figures, {section["title"]: section for section in values["sections"]}

    def _names(self, section):
        return [row["name"] for row in section["rows"]]
