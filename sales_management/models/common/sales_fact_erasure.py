from odoo import fields, models


class SalesFactErasure(models.Model):
    """That texts of a fact were erased on request, by whom and why: a fact as well."""

    _name = "sales.fact.erasure"
    _inherit = ["sales.fact.mixin"]
    _description = "Erased Text"
    _order = "erased_at desc, id desc"
    _rec_name = "reason"

    _fact_links = ("user_id", "company_id")
    _fact_texts = ("reason",)

    model = fields.Char(string="Erased From", required=True, readonly=True)
    res_id = fields.Integer(string="Entry", required=True, readonly=True)
    field_names = fields.Char(string="Erased Fields", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Erased By", ondelete="set null", readonly=True, index="btree_not_null"
    )
    user_name = fields.Char(string="Name of the Person", readonly=True)
    erased_at = fields.Datetime(string="Erased On", required=True, readonly=True, default=fields.Datetime.now)
    company_id = fields.Many2one("res.company", ondelete="set null", readonly=True, index="btree_not_null")

    _record_idx = models.Index("(model, res_id)")
