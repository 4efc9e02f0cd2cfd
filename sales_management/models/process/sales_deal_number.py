from odoo import fields, models


class SalesDealNumber(models.Model):
    """Numbers of deals that are no more, so that the sequence never gives one of them to another deal.

    Numbers that the sequence drew do not come again by themselves; those that an import brought do not come again
    because they stand here.
    """

    _name = "sales.deal.number"
    _description = "Retired Deal Number"
    _order = "id desc"

    name = fields.Char(string="Deal Number", required=True, readonly=True)
    deal_name = fields.Char(string="Deal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    create_date = fields.Datetime(string="Retired On")
    create_uid = fields.Many2one("res.users", string="Retired By")

    _name_idx = models.Index("(name)")
