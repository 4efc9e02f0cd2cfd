from odoo import api, fields, models

from odoo.addons.sales_management.tools.customer_health import CHURN, CONTACT, DEALS, LATE_DELIVERIES, OVERDUE, TREND

HEALTH_CLASSES = [("good", "Good"), ("fair", "Fair"), ("poor", "Poor")]
#: The least points of a class.
GOOD_FROM, FAIR_FROM = 75, 50
#: What the job writes, with the type of its column.
HEALTH_COLUMNS = {
    "customer_health": "varchar",
    "customer_health_score": "int",
    "customer_health_detail": "jsonb",
}


def get_health_class(points):
    """
    :param int | None points: from 0 to 100, none for unknown
    :rtype: str | None
    """
    if points is None:
        return None
    return "good" if points >= GOOD_FROM else "fair" if points >= FAIR_FROM else "poor"


class ResPartner(models.Model):
    """How a customer is, by rule and in words: computed in the night with what it is worth."""

    _inherit = "res.partner"

    customer_health = fields.Selection(
        HEALTH_CLASSES,
        string="Health",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="By points of 100: good from 75, poor below 50. Its rhythm gives 30 of them, paying in time 20, "
        "deliveries in time 15, contact as often as its tier asks for 15, an open deal or quotation 10, revenue that "
        "does not fall 10. What is not known does not count, and the others count for more.",
    )
    customer_health_score = fields.Integer(
        string="Health Points",
        readonly=True,
        copy=False,
        aggregator="avg",
        groups="base.group_user",
        help="From 0 to 100: the points that make up its health.",
    )
    # Codes and figures of what costs points, the most first: read in words by customer_health_reason.
    customer_health_detail = fields.Json(readonly=True, copy=False, groups="base.group_user")
    customer_health_reason = fields.Text(
        string="Why It Is So",
        compute="_compute_customer_health_reason",
        groups="base.group_user",
        help="What costs this customer points, the most first.",
    )

    # === Computes === #

    @api.depends("customer_health", "customer_health_detail", "last_contact_at")
    @api.depends_context("lang", "tz")
    def _compute_customer_health_reason(self):
        for partner in self:
            if not partner.customer_health:
                partner.customer_health_reason = False
                continue
            lines = [partner._describe_health_part(*part) for part in partner.customer_health_detail or []]
            partner.customer_health_reason = "\n".join(filter(None, lines)) or self.env._("Nothing speaks against it.")

    # === Hooks === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | set(HEALTH_COLUMNS)

    # === Words === #

    def _describe_health_part(self, name, points, most, reason):
        """What costs a customer points, in a sentence.

        :param str name: of a component, see ``customer_health`` of ``tools/``
        :param int points: points that it has
        :param int most: points that it could have
        :param dict reason: figures that they come from
        :return: the sentence with its points, nothing for a component that is not known here
        :rtype: str
        """
        self.ensure_one()
        words = {
            CHURN: self._describe_health_churn,
            OVERDUE: self._describe_health_overdue,
            LATE_DELIVERIES: self._describe_health_deliveries,
            CONTACT: self._describe_health_contact,
            DEALS: self._describe_health_deals,
            TREND: self._describe_health_trend,
        }
        if name not in words:
            return ""
        return self.env._(
            "%(sentence)s (%(points)s of %(most)s points)", sentence=words[name](reason), points=points, most=most
        )

    def _describe_health_churn(self, reason):
        if reason.get("churn_state") == "slowing":
            return self.env._("Its last order is longer ago than usual.")
        if reason.get("churn_state") == "at_risk":
            return self.env._("Its last order is so long ago that it may be leaving.")
        return self.env._("It has not ordered for so long that it is taken for lost.")

    def _describe_health_overdue(self, reason):
        return self.env._("Of what it owes, %(percent)s %% is overdue.", percent=round(reason.get("percent", 0)))

    def _describe_health_deliveries(self, reason):
        return self.env._(
            "Of its deliveries in the last twelve months, %(late)s of %(deliveries)s came late.",
            deliveries=reason.get("deliveries", 0),
            late=reason.get("late_deliveries", 0),
        )

    def _describe_health_contact(self, reason):
        since = self.last_contact_at or self.create_date
        days = max((fields.Datetime.now() - since).days, 0) if since else 0
        return self.env._(
            "Nobody was in touch for %(days)s days; its tier asks for every %(allowed)s.",
            days=days,
            allowed=reason.get("allowed_days", 0),
        )

    def _describe_health_deals(self, _reason):
        return self.env._("No deal or quotation is open.")

    def _describe_health_trend(self, reason):
        return self.env._(
            "It bought for %(percent)s %% less in the last twelve months than in the twelve before.",
            percent=round(abs(reason.get("percent", 0))),
        )
