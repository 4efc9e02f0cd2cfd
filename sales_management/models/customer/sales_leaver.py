from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

#: Counted tables with what of them is open, by the column that shows it. The companies at hand, and none, count.
COUNTED = {
    "customer_count": ("res_partner", SQL("doc.active AND doc.commercial_partner_id = doc.id")),
    "deal_count": ("crm_lead", SQL("doc.active AND doc.won_status = 'pending'")),
    "quotation_count": ("sale_order", SQL("doc.state IN ('draft', 'sent')")),
    "order_count": (
        "sale_order",
        SQL(
            "doc.state = 'sale' AND (doc.invoice_status IN ('no', 'to invoice')"
            " OR doc.delivery_status IN ('pending', 'started', 'partial'))"
        ),
    ),
}


class SalesLeaver(models.Model):
    """Archived users to whom customers, open deals, quotations or orders still belong: nobody looks after them."""

    _name = "sales.leaver"
    _description = "Leaver"
    _auto = False
    _order = "record_count desc, id"
    _rec_name = "name"

    user_id = fields.Many2one("res.users", readonly=True)
    name = fields.Char(readonly=True)
    login = fields.Char(readonly=True)
    customer_count = fields.Integer(string="Customers", readonly=True, help="Customers that they are salesperson of.")
    deal_count = fields.Integer(string="Open Deals", readonly=True, help="Open deals and leads.")
    quotation_count = fields.Integer(string="Quotations", readonly=True, help="Drafts and sent quotations.")
    order_count = fields.Integer(
        string="Open Orders", readonly=True, help="Orders that were not delivered or not invoiced in full."
    )
    record_count = fields.Integer(string="In All", readonly=True)

    @property
    def _table_query(self):
        self.env["res.users"].flush_model(["active", "login", "partner_id"])
        self.env["res.partner"].flush_model(["active", "name", "commercial_partner_id", "user_id", "company_id"])
        self.env["crm.lead"].flush_model(["active", "won_status", "user_id", "company_id"])
        self.env["sale.order"].flush_model(["state", "invoice_status", "delivery_status", "user_id", "company_id"])
        names = [SQL.identifier(name) for name in COUNTED]
        columns = SQL(", ").join(SQL("COALESCE(%(name)s, 0) AS %(name)s", name=name) for name in names)
        total = SQL(" + ").join(SQL("COALESCE(%s, 0)", name) for name in names)
        return SQL(
            """
            SELECT users.id, users.id AS user_id, partner.name, users.login, %(columns)s, %(total)s AS record_count
              FROM res_users users
              JOIN res_partner partner ON partner.id = users.partner_id
                   %(joins)s
             WHERE NOT users.active AND users.id != %(superuser)s AND %(total)s > 0
            """,
            columns=columns,
            total=total,
            superuser=SUPERUSER_ID,
            joins=SQL(" ").join(
                self._get_count_join(name, table, is_open) for name, (table, is_open) in COUNTED.items()
            ),
        )

    def _get_count_join(self, name, table, is_open):
        return SQL(
            """
            LEFT JOIN (
                   SELECT doc.user_id, COUNT(*) AS %(name)s
                     FROM %(table)s doc
                    WHERE doc.user_id IN (SELECT id FROM res_users WHERE NOT active)
                      AND (doc.company_id IS NULL OR doc.company_id = ANY(%(company_ids)s))
                      AND %(is_open)s
                 GROUP BY doc.user_id
                  ) %(alias)s ON %(alias)s.user_id = users.id
            """,
            name=SQL.identifier(name),
            alias=SQL.identifier(f"counted_{name}"),
            table=SQL.identifier(table),
            company_ids=list(self.env.companies.ids),
            is_open=is_open,
        )

    # === Actions === #

    def action_hand_over(self):
        """Ask to whom this person's customers and documents go.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["sales.customer.handover.plan"]._get_open_action(self.user_id)

    # === Texts === #

    def _describe(self):
        """:return: what still belongs to this person, in words
        :rtype: str
        """
        self.ensure_one()
        return self.env._(
            "%(customers)s customers, %(deals)s open deals, %(quotations)s quotations, %(orders)s open orders",
            customers=self.customer_count,
            deals=self.deal_count,
            quotations=self.quotation_count,
            orders=self.order_count,
        )
