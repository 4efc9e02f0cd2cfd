from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _is_open_delivery(self):
        """Whether this move is yet to bring goods out of the company's hands."""
        self.ensure_one()
        return self.state not in ("done", "cancel") and self.location_dest_id._is_outgoing()
