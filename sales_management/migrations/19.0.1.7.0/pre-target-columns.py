from odoo import SUPERUSER_ID, api

from odoo.addons.sales_management.target_columns import add_target_columns


def migrate(cr, version):
    add_target_columns(api.Environment(cr, SUPERUSER_ID, {}))
