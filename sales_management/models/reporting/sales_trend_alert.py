from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.sales_management.const import METRICS, MONEY_METRICS
from odoo.addons.sales_management.tools.sales_period import get_period

#: What alerts are about, in the order in which they are told, and the field that names it.
SUBJECTS = [
    ("company", "Company"),
    ("team", "Sales Team"),
    ("category", "Product Category"),
    ("product", "Product"),
    ("country", "Country"),
    ("state", "Region"),
]
SUBJECT_FIELDS = {
    "team": "team_id",
    "category": "categ_id",
    "product": "product_id",
    "country": "country_id",
    "state": "state_id",
}
#: Metrics that are compared, those of the money first.
WATCHED = ("ordered", "invoiced", "collected", "margin", "new_customers")
#: Months that make the mean.
MONTHS_BEFORE = 3
#: What people write by hand: everything else is made.
BY_HAND = frozenset({"reason"})


class SalesTrendAlert(models.Model):
    """A figure of a month that is far over or under the mean of the three months before, said in words."""

    _name = "sales.trend.alert"
    _inherit = ["sales.own.default.mixin"]
    _description = "Alert on a Figure"
    _order = "date_from desc, id"
    _rec_name = "name"

    name = fields.Char(compute="_compute_name")
    sentence = fields.Char(
        string="In Words", compute="_compute_sentence", help="The figure, the month, and how far it is from the mean."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Month From",
        required=True,
        readonly=True,
        help="The first day of the month. A month begins on the day that the company chose for its targets.",
    )
    date_to = fields.Date(string="Month To", required=True, readonly=True, help="The last day of the month.")
    is_last = fields.Boolean(
        string="Last Whole Month",
        compute="_compute_is_last",
        search="_search_is_last",
        help="The month before the one that it is, by the clock of the company.",
    )
    metric = fields.Selection(
        [metric for metric in METRICS if metric[0] in WATCHED],
        string="Figure",
        required=True,
        readonly=True,
        help="Of Sales Results. Ordered: confirmed orders by their date. Invoiced: posted invoices less credit notes. "
        "Collected: what customers paid. Margin: that of confirmed orders. New customers: those with their first "
        "confirmed order.",
    )
    subject = fields.Selection(SUBJECTS, string="About", required=True, readonly=True)
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade", index="btree_not_null")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="cascade", index="btree_not_null")
    state_id = fields.Many2one(
        "res.country.state", string="Region", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    amount_tax = fields.Selection(
        [("excluded", "Without Tax"), ("included", "With Tax")],
        string="Tax",
        readonly=True,
        help="How amounts were counted when it was made. Margins have no tax.",
    )
    value = fields.Float(
        string="In the Month",
        readonly=True,
        aggregator=None,
        help="The figure of the month in company currency, with tax or without as the sentence says; or how many.",
    )
    mean = fields.Float(
        string="Mean Before",
        readonly=True,
        aggregator=None,
        help="The figures of the three months before, added up and divided by three.",
    )
    deviation = fields.Float(
        string="Deviation (%)",
        readonly=True,
        digits=(16, 1),
        aggregator=None,
        help="The figure less the mean, of the mean. Zero where the mean is not above zero: there is no share of it.",
    )
    deviation_label = fields.Char(
        string="Deviation",
        compute="_compute_deviation_label",
        help="By how many percent of the mean the figure is over or under it.",
    )
    direction = fields.Selection([("over", "Over the Mean"), ("under", "Under the Mean")], required=True, readonly=True)
    is_new = fields.Boolean(
        string="Nothing Before",
        readonly=True,
        help="There was nothing in the three months before: there is no mean to compare with.",
    )
    state = fields.Selection(
        [("open", "Open"), ("dismissed", "Dismissed")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        help="Dismissed: somebody knows why. It stays so when the month is looked at again.",
    )
    dismissed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null", index="btree_not_null")
    dismissed_at = fields.Datetime(string="Dismissed On", readonly=True)
    reason = fields.Char(help="Why the figure is as it is, or what is done about it.")
    told_at = fields.Datetime(
        string="Told On",
        readonly=True,
        help="When managers and the leader of the team were told. Nobody is told twice.",
    )

    _month_subject_figure_uniq = models.UniqueIndex(
        "(company_id, date_from, metric, subject, COALESCE(team_id, categ_id, product_id, country_id, state_id, 0))",
        "This figure of the month has an alert already. Open it in the list.",
    )
    _subject_check = models.Constraint(
        "CHECK (num_nonnulls(team_id, categ_id, product_id, country_id, state_id) = "
        "CASE subject WHEN 'company' THEN 0 ELSE 1 END)",
        "An alert is about one thing: the company, or one team, category, product, country or region.",
    )

    # === ORM === #

    def write(self, vals):
        if not self.env.su and (made := vals.keys() - BY_HAND):
            raise AccessError(
                self.env._(
                    "Alerts are made from figures: only their reason is written by hand, not %(fields)s.",
                    fields=", ".join(sorted(made)),
                )
            )
        return super().write(vals)

    # === Month and subject === #

    @api.depends("company_id", "date_from")
    def _compute_is_last(self):
        for alert in self:
            alert.is_last = alert.date_from == self._get_last_month(alert.company_id).start

    @api.model
    def _search_is_last(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "=", company.id) & Domain("date_from", "=", self._get_last_month(company).start)
            for company in self.env.companies
        )

    @api.model
    def _get_last_month(self, company):
        """:return: the last month that is over by the clock of a company
        :rtype: Period
        """
        return get_period("month", company._get_sales_today(), company.sales_month_start or 1).previous()

    def _get_subject(self):
        """:return: the record that the alert is about"""
        self.ensure_one()
        return self[SUBJECT_FIELDS.get(self.subject, "company_id")]

    # === Actions === #

    def action_dismiss(self):
        """Say that one knows why: nobody is asked about it again.

        :return: True
        """
        self.check_access("write")
        # sudo: that one may dismiss is checked above; nobody writes the status by hand.
        self.sudo().filtered(lambda alert: alert.state == "open").write(
            {"state": "dismissed", "dismissed_by_id": self.env.uid, "dismissed_at": fields.Datetime.now()}
        )
        return True

    def action_reopen(self):
        """Take a dismissal back.

        :return: True
        """
        self.check_access("write")
        # sudo: as above.
        self.sudo().write({"state": "open", "dismissed_by_id": False, "dismissed_at": False})
        return True

    def action_open_results(self):
        """Open what the figure of the month is made of.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        return self._open_results(self.date_from, self.date_to, self.name)

    def action_open_months_before(self):
        """Open what the mean of the three months before is made of.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        first = self.date_from - relativedelta(months=MONTHS_BEFORE)
        last = self.date_from - relativedelta(days=1)
        name = self.env._("%(alert)s: the three months before", alert=self.name)
        return self._open_results(first, last, name)

    def _open_results(self, first, last, name):
        self.check_access("read")
        domain = [
            ("metric", "=", self.metric),
            ("company_id", "=", self.company_id.id),
            ("date", ">=", fields.Date.to_string(first)),
            ("date", "<=", fields.Date.to_string(last)),
        ]
        if self.subject in SUBJECT_FIELDS:
            domain.append((SUBJECT_FIELDS[self.subject], "=", self._get_subject().id))
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "sales.result",
            "view_mode": "list,kanban,pivot",
            "views": [(False, "list"), (False, "kanban"), (False, "pivot")],
            "mobile_view_mode": "kanban",
            "domain": domain,
            "context": {"sales_counted_results": self.metric not in MONEY_METRICS},
        }
