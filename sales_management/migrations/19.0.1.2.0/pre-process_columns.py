from odoo import SUPERUSER_ID, api

from odoo.addons.sales_management.process_columns import add_process_columns


def migrate(cr, version):
    add_process_columns(api.Environment(cr, SUPERUSER_ID, {}))
