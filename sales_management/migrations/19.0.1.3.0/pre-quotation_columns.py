from odoo import SUPERUSER_ID, api

from odoo.addons.sales_management.quotation_columns import add_quotation_columns


def migrate(cr, version):
    add_quotation_columns(api.Environment(cr, SUPERUSER_ID, {}))
