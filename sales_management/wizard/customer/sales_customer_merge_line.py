from odoo import fields, models


class SalesCustomerMergeLine(models.TransientModel):
    """One of the customers that are compared."""

    _name = "sales.customer.merge.line"
    _description = "Customer That Is Compared"

    wizard_id = fields.Many2one("sales.customer.merge", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True, ondelete="cascade")
    is_left_out = fields.Boolean(string="Left Out")
    is_kept = fields.Boolean(string="Kept", compute="_compute_is_kept")
    owner_id = fields.Many2one(related="partner_id.user_id", string="Owner")
    vat = fields.Char(related="partner_id.vat")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    city = fields.Char(related="partner_id.city")
    active = fields.Boolean(related="partner_id.active")
    since = fields.Datetime(related="partner_id.create_date", string="Since")
    last_contact_at = fields.Datetime(related="partner_id.last_contact_at")
    deal_count = fields.Integer(string="Deals", readonly=True, help="Open, won and lost ones, of all its contacts.")
    order_count = fields.Integer(string="Orders", readonly=True, help="Confirmed ones, of all its contacts.")
    invoice_count = fields.Integer(
        string="Invoices", readonly=True, help="Posted invoices and credit notes, of all its contacts."
    )

    # === Computes === #

    def _compute_is_kept(self):
        for line in self:
            line.is_kept = not line.is_left_out and line.partner_id == line.wizard_id.dst_partner_id

    # === Actions === #

    def action_keep(self):
        """Keep this one, and merge the others into it.

        :rtype: dict
        """
        self.ensure_one()
        self.is_left_out = False
        self.wizard_id.write({"dst_partner_id": self.partner_id.id, "reason": False})
        return self.wizard_id._get_action()

    def action_leave_out(self):
        """Merge this one or not.

        :rtype: dict
        """
        self.ensure_one()
        self.is_left_out = not self.is_left_out
        return self.wizard_id._get_action()

    # === Proposal === #

    def _get_rank(self):
        """What speaks for this one: that it is in use, its invoices, its orders, its age."""
        self.ensure_one()
        return (self.active, self.invoice_count, self.order_count, -self.partner_id.id)

    def _get_reason(self, others):
        """:param sales.customer.merge.line others: those that it is preferred to"""
        self.ensure_one()
        name = self.partner_id.display_name
        others = others.filtered("active") if self.active else others
        if not others:
            return self.env._("%(name)s is proposed: the others are archived.", name=name)
        if self.invoice_count > max(others.mapped("invoice_count")):
            return self.env._("%(name)s is proposed: it has the most invoices.", name=name)
        if self.order_count > max(others.mapped("order_count")):
            return self.env._("%(name)s is proposed: it has as many invoices, and the most orders.", name=name)
        return self.env._(
            "%(name)s is proposed: no other has more invoices or orders, and it is the oldest.", name=name
        )
