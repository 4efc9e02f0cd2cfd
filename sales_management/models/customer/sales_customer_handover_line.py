from odoo import fields, models

CODES = [
    ("customer", "Customer"),
    ("contact", "Contact"),
    ("deal", "Deal"),
    ("quotation", "Quotation"),
    ("order", "Order"),
    ("activity", "To-Do"),
    ("task", "To-Do of a Deal"),
]


class SalesCustomerHandoverLine(models.Model):
    """One record that was handed over, and to whom: never changed. Capabilities add what they hand over to ``code``."""

    _name = "sales.customer.handover.line"
    _inherit = ["sales.fact.mixin"]
    _description = "Record Handed Over"
    _order = "handover_id desc, id"

    _fact_links = ("owner_id",)
    _fact_texts = ("name", "customer_name")

    handover_id = fields.Many2one(
        "sales.customer.handover", required=True, readonly=True, ondelete="cascade", index=True
    )
    code = fields.Selection(CODES, string="Kind", required=True, readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record ID", model_field="res_model", required=True, readonly=True)
    name = fields.Char(string="Record", readonly=True)
    customer_name = fields.Char(string="Customer", readonly=True)
    owner_id = fields.Many2one("res.users", string="To", readonly=True, ondelete="set null", index="btree_not_null")
    owner_name = fields.Char(string="New Owner", readonly=True)

    # === Actions === #

    def action_open_record(self):
        """Open what was handed over.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
            "target": "current",
        }
