from odoo import SUPERUSER_ID, api

from odoo.addons.sales_management.stage_history import fill_stage_history


def migrate(cr, version):
    fill_stage_history(api.Environment(cr, SUPERUSER_ID, {}))
