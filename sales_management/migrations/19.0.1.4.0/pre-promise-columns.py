from odoo import SUPERUSER_ID, api

from odoo.addons.sales_management.promise_columns import add_promise_columns


def migrate(cr, version):
    add_promise_columns(api.Environment(cr, SUPERUSER_ID, {}))
