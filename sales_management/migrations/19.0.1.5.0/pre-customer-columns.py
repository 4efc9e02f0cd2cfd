from odoo import SUPERUSER_ID, api

from odoo.addons.sales_management.customer_columns import add_customer_columns


def migrate(cr, version):
    add_customer_columns(api.Environment(cr, SUPERUSER_ID, {}))
