from odoo import api, fields, models

#: Where a kind of record is counted; others, such as those that a capability adds, are counted together.
COUNTS = {
    "customer": None,
    "contact": "contact_count",
    "deal": "deal_count",
    "quotation": "quotation_count",
    "order": "order_count",
    "activity": "todo_count",
    "task": "todo_count",
}


class SalesCustomerHandoverShare(models.TransientModel):
    """What is handed over as a whole, and to whom: a customer with all that belongs to it, or a record without one."""

    _name = "sales.customer.handover.share"
    _description = "Planned Handover of a Customer"
    _order = "id"

    plan_id = fields.Many2one("sales.customer.handover.plan", required=True, ondelete="cascade", index=True)
    bundle = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Customer or Lead", readonly=True)
    is_customer = fields.Boolean(readonly=True)
    successor_id = fields.Many2one("res.users", string="Goes To", domain=[("share", "=", False)])
    rule_id = fields.Many2one("sales.customer.handover.rule", string="By Rule", readonly=True, ondelete="set null")
    contact_count = fields.Integer(string="Contacts", readonly=True)
    deal_count = fields.Integer(string="Deals", readonly=True)
    quotation_count = fields.Integer(string="Quotations", readonly=True)
    order_count = fields.Integer(string="Orders", readonly=True)
    todo_count = fields.Integer(string="To-Dos", readonly=True)
    other_count = fields.Integer(string="Others", readonly=True)
    record_count = fields.Integer(
        string="Records", readonly=True, help="All that goes along, the customer itself included."
    )

    # === Tools === #

    @api.model
    def _prepare_counts(self, counts):
        """:return: values by the number of records of each source"""
        values = {"record_count": sum(counts.values())}
        for code, count in counts.items():
            name = COUNTS.get(code, "other_count")
            if name:
                values[name] = values.get(name, 0) + count
        return values
