from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sales_management.tools.churn import ChurnThresholds
from odoo.addons.sales_management.tools.rfm import RfmThresholds

#: The best score but one and so on: who reaches none of them scores 1.
SCORES = (5, 4, 3, 2)
#: What no company needs more of.
MOST_MONTHS = 120
MOST_DAYS = 3650
LIMITS = (
    "customer_value_months",
    "customer_rfm_mode",
    *(f"customer_rfm_{name}_{score}" for name in ("recency", "frequency", "monetary") for score in SCORES),
    "customer_abc_a_percent",
    "customer_abc_b_percent",
    "customer_churn_slowing",
    "customer_churn_at_risk",
    "customer_churn_lost",
    "customer_churn_shortest_days",
)


class ResCompany(models.Model):
    """From where on a customer is good, matters, or leaves: each company says it for its own figures."""

    _inherit = "res.company"

    customer_value_months = fields.Integer(
        string="Months Compared",
        default=24,
        help="Customers are compared by what they were invoiced in so many months up to today.",
    )
    customer_rfm_mode = fields.Selection(
        [("quintiles", "Fifths of All Customers"), ("fixed", "Fixed Limits")],
        string="Scores By",
        default="quintiles",
        required=True,
        help="Fifths: the best fifth of the customers scores 5, the worst 1. Fixed limits: whoever reaches the limit "
        "of a score has it, however many do.",
    )
    customer_rfm_recency_5 = fields.Integer(
        string="Recency for 5", default=30, help="Invoiced at most so many days ago."
    )
    customer_rfm_recency_4 = fields.Integer(
        string="Recency for 4", default=90, help="Invoiced at most so many days ago."
    )
    customer_rfm_recency_3 = fields.Integer(
        string="Recency for 3", default=180, help="Invoiced at most so many days ago."
    )
    customer_rfm_recency_2 = fields.Integer(
        string="Recency for 2", default=365, help="Invoiced at most so many days ago."
    )
    customer_rfm_frequency_5 = fields.Integer(string="Frequency for 5", default=12, help="At least so many invoices.")
    customer_rfm_frequency_4 = fields.Integer(string="Frequency for 4", default=6, help="At least so many invoices.")
    customer_rfm_frequency_3 = fields.Integer(string="Frequency for 3", default=3, help="At least so many invoices.")
    customer_rfm_frequency_2 = fields.Integer(string="Frequency for 2", default=2, help="At least so many invoices.")
    customer_rfm_monetary_5 = fields.Float(
        string="Money for 5", default=100000, digits=(16, 2), help="At least so much, without tax, less credit notes."
    )
    customer_rfm_monetary_4 = fields.Float(
        string="Money for 4", default=50000, digits=(16, 2), help="At least so much, without tax, less credit notes."
    )
    customer_rfm_monetary_3 = fields.Float(
        string="Money for 3", default=10000, digits=(16, 2), help="At least so much, without tax, less credit notes."
    )
    customer_rfm_monetary_2 = fields.Float(
        string="Money for 2", default=1000, digits=(16, 2), help="At least so much, without tax, less credit notes."
    )
    customer_abc_a_percent = fields.Float(
        string="Revenue of A Customers",
        default=80,
        digits=(5, 2),
        help="A customers, the largest ones, bring so many percent of the revenue together.",
    )
    customer_abc_b_percent = fields.Float(
        string="Revenue of B Customers",
        default=15,
        digits=(5, 2),
        help="B customers bring so many percent after them; C customers bring the rest.",
    )
    customer_churn_slowing = fields.Float(
        string="Slowing Down From",
        default=1.5,
        digits=(5, 2),
        help="Without an order for so many times its usual days a customer slows down.",
    )
    customer_churn_at_risk = fields.Float(
        string="At Risk From",
        default=2,
        digits=(5, 2),
        help="Without an order for so many times its usual days a customer is at risk.",
    )
    customer_churn_lost = fields.Float(
        string="Lost From",
        default=4,
        digits=(5, 2),
        help="Without an order for so many times its usual days a customer is lost.",
    )
    customer_churn_shortest_days = fields.Integer(
        string="Shortest Cycle",
        help="Silence is measured in no fewer days than these, so that nobody who orders daily is at risk on a Sunday. "
        "0: in the usual days of the customer, however few.",
    )

    # === Constraints === #

    @api.constrains(*LIMITS)
    def _check_customer_limits(self):
        problems = [
            self.env._("%(company)s: %(problem)s", company=company.name, problem=problem)
            for company in self
            for problem in company._get_customer_limit_problems()
        ]
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_customer_limit_problems(self):
        """:return: what is wrong with the limits of this company, each in a sentence
        :rtype: list[str]
        """
        self.ensure_one()
        problems = []
        if not 1 <= self.customer_value_months <= MOST_MONTHS:
            problems.append(self.env._("Compare customers over 1 to %(months)s months.", months=MOST_MONTHS))
        if self.customer_rfm_mode == "fixed":
            problems += self._get_score_problems()
        shares = (self.customer_abc_a_percent, self.customer_abc_b_percent)
        if not (all(map(isfinite, shares)) and min(shares) >= 0 and sum(shares) <= 100):
            problems.append(
                self.env._("The shares of A and B customers are not below zero, and not more than 100 % together.")
            )
        cycles = (self.customer_churn_slowing, self.customer_churn_at_risk, self.customer_churn_lost)
        if not (all(map(isfinite, cycles)) and 1 <= cycles[0] <= cycles[1] <= cycles[2]):
            problems.append(
                self.env._(
                    "A customer slows down after once its usual days at the earliest, then is at risk, then lost: the "
                    "three numbers must not fall."
                )
            )
        if not 0 <= self.customer_churn_shortest_days <= MOST_DAYS:
            problems.append(self.env._("The shortest cycle is from 0 to %(days)s days.", days=MOST_DAYS))
        return problems

    def _get_score_problems(self):
        limits, problems = self._get_customer_scores(), []
        days, counts, amounts = limits
        if days[0] < 0 or not days[0] < days[1] < days[2] < days[3]:
            problems.append(
                self.env._("Days for a lower score must be more: recency from 5 to 2 has to rise, from 0 on.")
            )
        if counts[3] < 1 or not counts[0] > counts[1] > counts[2] > counts[3]:
            problems.append(
                self.env._("Invoices for a lower score must be fewer: frequency from 5 to 2 has to fall, down to 1.")
            )
        if not (all(map(isfinite, amounts)) and amounts[0] > amounts[1] > amounts[2] > amounts[3] > 0):
            problems.append(
                self.env._("Money for a lower score must be less: it has to fall from 5 to 2, and stay above zero.")
            )
        return problems

    # === Limits === #

    def _get_customer_scores(self):
        """:rtype: RfmThresholds"""
        self.ensure_one()
        return RfmThresholds(
            *(
                tuple(self[f"customer_rfm_{name}_{score}"] for score in SCORES)
                for name in ("recency", "frequency", "monetary")
            )
        )

    def _get_churn_thresholds(self):
        """:rtype: ChurnThresholds"""
        self.ensure_one()
        return ChurnThresholds(
            slowing=self.customer_churn_slowing,
            at_risk=self.customer_churn_at_risk,
            lost=self.customer_churn_lost,
            shortest_cycle_days=self.customer_churn_shortest_days,
        )
