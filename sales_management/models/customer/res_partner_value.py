from odoo import api, fields, models

SEGMENTS = [
    ("champions", "Champions"),
    ("loyal", "Loyal"),
    ("potential_loyal", "Becoming Loyal"),
    ("new", "New"),
    ("promising", "Promising"),
    ("needs_attention", "Needs Attention"),
    ("about_to_sleep", "About to Sleep"),
    ("at_risk", "At Risk"),
    ("cannot_lose", "Must Not Be Lost"),
    ("hibernating", "Hibernating"),
    ("lost", "Lost"),
]
ABC_CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]
CHURN_STATES = [("active", "Active"), ("slowing", "Slowing Down"), ("at_risk", "At Risk"), ("lost", "Lost")]
#: What the job writes, with the type of its column.
VALUE_COLUMNS = {
    "rfm_recency": "int",
    "rfm_frequency": "int",
    "rfm_monetary": "int",
    "rfm_segment": "varchar",
    "abc_class": "varchar",
    "churn_state": "varchar",
    "usual_cycle_days": "int",
    "last_order_date": "date",
    "customer_revenue": "float",
    "customer_expected_value": "float",
}


class ResPartner(models.Model):
    """What a customer is worth, and whether it is leaving: computed each night for all of them at once."""

    _inherit = "res.partner"

    rfm_recency = fields.Integer(
        string="Recency", readonly=True, copy=False, help="Score from 1 to 5: how lately it was invoiced. 5 is best."
    )
    rfm_frequency = fields.Integer(
        string="Frequency", readonly=True, copy=False, help="Score from 1 to 5: how often it was invoiced. 5 is best."
    )
    rfm_monetary = fields.Integer(
        string="Monetary", readonly=True, copy=False, help="Score from 1 to 5: for how much it was invoiced. 5 is best."
    )
    rfm_segment = fields.Selection(
        SEGMENTS,
        string="Segment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What the three scores together say of it, over the months that the settings compare.",
    )
    rfm_computed_at = fields.Datetime(string="Value Computed On", readonly=True, copy=False)
    abc_class = fields.Selection(
        ABC_CLASSES,
        string="ABC Class",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="By revenue of the months that are compared: A customers bring 80 % of it together, B customers the next "
        "15 %, if the settings say nothing else.",
    )
    churn_state = fields.Selection(
        CHURN_STATES,
        string="Rhythm",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="By its own rhythm: slowing down at one and a half, at risk at twice, lost at four times the usual days "
        "between its orders, if the settings say nothing else. Empty with fewer than three days of orders.",
    )
    usual_cycle_days = fields.Integer(
        readonly=True, copy=False, help="Median of the days between its orders; orders of one day are one."
    )
    last_order_date = fields.Date(readonly=True, copy=False)
    customer_revenue = fields.Float(
        string="Revenue to Date",
        readonly=True,
        copy=False,
        digits=(16, 2),
        help="Posted invoices less credit notes, without tax, in the currency of the company.",
    )
    customer_expected_value = fields.Float(
        string="Value with What Is to Come",
        readonly=True,
        copy=False,
        digits=(16, 2),
        help="Revenue to date, and a usual year's times the years for which such a customer stays: five for an active "
        "one at 80 % that stay each year, fewer for one that slows down.",
    )
    customer_currency_id = fields.Many2one(
        "res.currency", compute="_compute_customer_currency_id", help="Currency of the company whose figures these are."
    )
    churn_reason = fields.Char(
        string="Why", compute="_compute_churn_reason", help="What the rhythm of the customer says, in words."
    )

    # === Computes === #

    @api.depends("churn_state", "usual_cycle_days", "last_order_date")
    @api.depends_context("lang")
    def _compute_churn_reason(self):
        today = fields.Date.context_today(self)
        for partner in self:
            partner.churn_reason = (
                self.env._(
                    "It usually orders every %(cycle)s days; the last order was %(silent)s days ago.",
                    cycle=partner.usual_cycle_days,
                    silent=(today - partner.last_order_date).days,
                )
                if partner.usual_cycle_days and partner.last_order_date
                else False
            )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_customer_currency_id(self):
        for partner in self:
            partner.customer_currency_id = (partner._get_value_company() or self.env.company).currency_id

    # === Hooks === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {*VALUE_COLUMNS, "rfm_computed_at"}

    def _get_value_company(self):
        """:return: the company whose invoices and orders make the figures of this customer, none where it is off"""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        # sudo: a name and a currency of the company that a customer's figures come from
        company = self.sudo().company_id or self.env["res.company"].sudo().browse(sorted(enabled)[:1])
        return company.filtered(lambda own: own.id in enabled)

    # === Actions === #

    def action_compute_customer_value(self):
        """Compute what all customers are worth anew, for one is compared with the others.

        :return: a reload of the form
        :rtype: dict
        :raise AccessError: unless the user may write the customer
        """
        self.check_access("write")
        for company in {partner._get_value_company() for partner in self}:
            if company:
                self.env["sales.customer.value"]._compute_company(company)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
