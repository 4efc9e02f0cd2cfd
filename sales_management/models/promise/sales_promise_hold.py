from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Holds that ended so many days ago are of no use to anybody.
KEPT_DAYS = 90


class SalesPromiseHold(models.Model):
    """Goods that a quotation holds until it expires: softly when it is sent, by setting, and when it is committed.

    Nobody writes holds: they follow their quotations, and a private method that checked the right releases them.
    """

    _name = "sales.promise.hold"
    _inherit = ["sales.own.default.mixin"]
    _description = "Held Quantity"
    _order = "date, id"
    _rec_name = "order_id"

    line_id = fields.Many2one(
        "sale.order.line", string="Sales Order Line", required=True, readonly=True, ondelete="cascade", index=True
    )
    order_id = fields.Many2one(
        "sale.order", string="Quotation", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    uom_id = fields.Many2one("uom.uom", related="product_id.uom_id", string="Unit")
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True)
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In the unit of the product.")
    date = fields.Datetime(string="Leaves On", required=True, readonly=True, help="When the goods leave the shelf.")
    expiry = fields.Datetime(
        string="Held Until", required=True, readonly=True, index=True, help="From then on, nothing is held."
    )
    is_committed = fields.Boolean(
        string="Committed", readonly=True, help="Held because a person committed to the date, not because it was sent."
    )
    released_at = fields.Datetime(string="Released On", readonly=True)
    released_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="set null",
        help="Who released it by hand. Until the quotation is sent anew, the line holds nothing then.",
    )
    release_reason = fields.Char(string="Released Because", readonly=True)

    _open_uniq = models.UniqueIndex("(line_id, product_id, warehouse_id) WHERE released_at IS NULL")

    # === Domains === #

    @api.model
    def _get_active_domain(self):
        """What holds something now.

        :rtype: Domain
        """
        return Domain("released_at", "=", False) & Domain("expiry", ">", fields.Datetime.now())

    # === Holding === #

    @api.model
    def _hold_committed(self, lines):
        """Hold what these lines were committed for, whether their company holds what it sends or not.

        :param sale.order.line lines: of quotations; others hold nothing
        :return: what they hold now
        :rtype: sales.promise.hold
        """
        return self._hold(lines, committed=True)

    @api.model
    def _hold(self, lines, committed=False):
        """Let these lines hold what they say now: what they hold already follows, what is missing is added, and what
        they no longer need is released. The number of queries does not grow with the lines.

        What a person committed to stays so until :meth:`_release`. Lines that were released by hand are held anew:
        whoever calls leaves them out where they are not meant.

        :param sale.order.line lines: of quotations; others hold nothing
        :param bool committed: whether a person committed to their dates
        :return: what they hold now
        :rtype: sales.promise.hold
        """
        # sudo: nobody writes holds by hand, and who sends a quotation need not read those of others.
        lines = lines.sudo().filtered(lambda line: line.order_id.state in ("draft", "sent"))
        kept = self._get_open(lines)
        committed_lines = lines if committed else kept.filtered("is_committed").line_id
        known = {(hold.line_id.id, hold.product_id.id, hold.warehouse_id.id): hold for hold in kept}
        held, missing = kept.browse(), []
        for values in lines._prepare_hold_values(committed_lines, kept):
            hold = known.get((values["line_id"], values["product_id"], values["warehouse_id"]))
            if hold:
                hold._update(values)
                held |= hold
            else:
                missing.append(values)
        (kept - held)._end(self.env._("No longer on the quotation"))
        return (held | kept.create(missing)).with_env(self.env)

    def _update(self, values):
        """Write what differs: most of what a quotation holds stays as it is when it changes."""
        self.ensure_one()
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)

    # === Releasing === #

    @api.model
    def _release(self, lines, reason=None):
        """Let go of what these lines hold.

        Without a reason only the commitment ends: what a sent quotation holds by setting, it still holds.

        :param sale.order.line lines: of any orders
        :param str reason: why nothing is held any more
        """
        if reason is None:
            self._release_committed(lines)
        else:
            self._get_open(lines)._end(reason)

    @api.model
    def _release_committed(self, lines):
        """End what these lines hold because somebody committed to their dates; what a sent quotation holds by setting,
        it still holds.

        :param sale.order.line lines: of any orders
        """
        committed = self._get_open(lines).filtered("is_committed")
        soft = committed.filtered("order_id.promise_hold_until")
        soft.is_committed = False
        self._hold(soft.line_id)
        (committed - soft)._end(self.env._("Commitment withdrawn"))

    def _end(self, reason, user=None):
        """Let go of these.

        :param str reason: why
        :param res.users user: who did it by hand
        """
        if self:
            # sudo: nobody writes holds by hand; whoever calls has checked the right.
            self.sudo().write(
                {
                    "released_at": fields.Datetime.now(),
                    "release_reason": reason,
                    "released_by_id": user.id if user else False,
                }
            )

    @api.model
    def _get_open(self, lines):
        """What these lines hold or held until it expired, with all rights."""
        domain = Domain("line_id", "in", lines.ids) & Domain("released_at", "=", False)
        # sudo: as in _hold().
        return self.sudo().search(domain) if lines.ids else self.sudo().browse()

    @api.model
    def _catch_up(self, companies):
        """Let holds follow quotations that changed while nobody looked after them.

        :param res.company companies: that switched promises on again
        """
        # sudo: as in _hold().
        open_holds = self.sudo().search([("company_id", "in", companies.ids), ("released_at", "=", False)])
        over = open_holds.filtered(lambda hold: hold.order_id.state not in ("draft", "sent"))
        over._end(self.env._("No longer on the quotation"))
        lines = (open_holds - over).line_id
        lines._mark_promises()
        lines._follow_holds()

    # === Housekeeping === #

    @api.autovacuum
    def _gc_holds(self):
        """Delete what ended long ago.

        :return: how many were deleted, and whether there are more
        """
        limit = 1000
        end = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        domain = Domain("expiry", "<", end) | Domain("released_at", "<", end)
        holds = self.sudo().search(domain, limit=limit)  # sudo: housekeeping
        holds.unlink()
        return len(holds), len(holds) == limit
