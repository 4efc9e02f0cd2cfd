from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: What is counted of each kind of record, by the code of its source.
COUNTS = {
    "customer": "customer_count",
    "deal": "deal_count",
    "quotation": "quotation_count",
    "order": "order_count",
    "activity": "todo_count",
    "task": "todo_count",
}
#: Records that a refusal names; a longer one is read by nobody.
SHOWN = 10


class SalesCustomerHandover(models.Model):
    """What one person handed over to others at once: by whom, when and why. Never changed."""

    _name = "sales.customer.handover"
    _inherit = ["sales.fact.mixin"]
    _description = "Handover"
    _order = "id desc"
    _rec_name = "former_name"

    _fact_links = ("former_id", "user_id")
    _fact_texts = ("reason", "remains")

    former_id = fields.Many2one("res.users", string="From", readonly=True, ondelete="set null", index="btree_not_null")
    former_name = fields.Char(string="Former Owner", readonly=True)
    successor_ids = fields.Many2many(
        "res.users", "sales_customer_handover_successor_rel", "handover_id", "user_id", string="To", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Done By", readonly=True, ondelete="set null")
    user_name = fields.Char(string="Name", readonly=True)
    moment = fields.Datetime(string="On", required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    remains = fields.Text(
        string="Left Where It Was", readonly=True, help="What a handover does not move, as it was at that time."
    )
    customer_count = fields.Integer(string="Customers", readonly=True)
    deal_count = fields.Integer(string="Deals", readonly=True, help="Open deals and leads.")
    quotation_count = fields.Integer(string="Quotations", readonly=True, help="Drafts and sent quotations.")
    order_count = fields.Integer(
        string="Orders", readonly=True, help="Orders that were not delivered or not invoiced in full."
    )
    todo_count = fields.Integer(string="To-Dos", readonly=True)
    record_count = fields.Integer(
        string="Records", readonly=True, help="All that was handed over, contacts and whatever else included."
    )
    line_ids = fields.One2many("sales.customer.handover.line", "handover_id", string="Details", readonly=True)

    # === The private ways === #

    @api.model
    def _check_handover_right(self):
        """
        :raise AccessError: for anybody but sales managers
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers hand over what belongs to others. Ask one of them."))

    @api.model
    def _hand_over(self, former, owners, companies, reason=""):
        """Hand over all that belongs to a person, in this transaction.

        :param res.users former: who hands over
        :param dict owners: the successor by key of the bundle, see :meth:`_get_bundle_key`
        :param res.company companies: whose records are handed over, those of no company included
        :return: the fact that says so
        :rtype: sales.customer.handover
        :raise AccessError: for anybody but sales managers
        :raise UserError: where nothing is left, or something came that nobody has been chosen for
        """
        self._check_handover_right()
        sources = self.env["sales.handover"]._get_handover_sources(former, companies)
        self._lock_sources(sources)
        self._check_still_planned(sources, former, owners)
        remains = self.env["sales.handover"]._get_handover_remains(former, companies)
        moved = []
        for source in sources:
            by_owner = source.records.grouped(
                lambda record, source=source: owners[self._get_bundle_key(source, record)]
            )
            for owner, records in by_owner.items():
                # Named before it is handed over, as whoever reads it has known it.
                moved += [self._prepare_line_values(source, record, owner) for record in records]
                source.hand_over(records, owner, reason)
        handover = self._add_handover(moved, former, companies, reason, remains)
        handover._tell_successors(moved)
        return handover

    @api.model
    def _get_bundle_key(self, source, record):
        """:return: what goes to one successor as a whole: a customer, or a record that has none"""
        owner = source.customers.get(record) or record
        return f"{owner._name},{owner.id}"

    @api.model
    def _lock_sources(self, sources):
        """Wait for whoever hands over the same. After a change by them, the database refuses, and Odoo tries again and
        finds nothing left."""
        for source in sources:
            if source.records:
                self.env.cr.execute(
                    SQL(
                        "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                        SQL.identifier(source.records._table),
                        sorted(source.records.ids),
                    )
                )

    @api.model
    def _check_still_planned(self, sources, former, owners):
        if not any(source.records for source in sources):
            raise UserError(
                self.env._(
                    "Nothing is left that %(user)s could hand over. Somebody may have done it already: look at the "
                    "handovers.",
                    user=former.name,
                )
            )
        unplanned = [
            record
            for source in sources
            for record in source.records
            if self._get_bundle_key(source, record) not in owners
        ]
        if unplanned:
            raise UserError(
                self.env._(
                    "This has come to %(user)s since the preview. Preview again:\n%(records)s",
                    user=former.name,
                    records="\n".join(f"- {record.display_name}" for record in unplanned[:SHOWN]),
                )
            )

    # === Facts === #

    @api.model
    def _prepare_line_values(self, source, record, owner):
        customer = source.customers.get(record)
        return {
            "code": source.code,
            "res_model": record._name,
            "res_id": record.id,
            "name": record.display_name,
            "customer_name": customer.display_name if customer else False,
            "owner_id": owner.id,
        }

    @api.model
    def _add_handover(self, moved, former, companies, reason, remains):
        handover = self._add_facts(
            [
                {
                    "former_id": former.id,
                    "successor_ids": [fields.Command.set(list({vals["owner_id"] for vals in moved}))],
                    "user_id": self.env.uid,
                    "company_id": companies[:1].id,
                    "reason": reason,
                    "remains": "\n".join(remains),
                    "record_count": len(moved),
                    **self._count_records(moved),
                }
            ]
        )
        lines = self.env["sales.customer.handover.line"]
        lines._add_facts([{**vals, "handover_id": handover.id} for vals in moved])
        return handover

    @api.model
    def _count_records(self, moved):
        counts = dict.fromkeys(COUNTS.values(), 0)
        for vals in moved:
            if name := COUNTS.get(vals["code"]):
                counts[name] += 1
        return counts

    # === Notices === #

    def _tell_successors(self, moved):
        """Tell each successor once what is theirs now."""
        users = self.env["res.users"].browse(dict.fromkeys(vals["owner_id"] for vals in moved))
        for user in users - self.env.user:
            counts = self._count_records([vals for vals in moved if vals["owner_id"] == user.id])
            self.env["sales.notice.mixin"]._send_notice(
                "handover",
                self,
                user,
                _lt("Handed over to you"),
                lambda handovers, counts=counts: {
                    handover: handover._describe_share(counts, handovers.env) for handover in handovers
                },
            )

    def _describe_share(self, counts, env):
        return env._(
            "From %(user)s: %(customers)s customers, %(deals)s deals, %(quotations)s quotations, %(orders)s orders, "
            "%(todos)s to-dos.",
            user=self.former_name,
            customers=counts["customer_count"],
            deals=counts["deal_count"],
            quotations=counts["quotation_count"],
            orders=counts["order_count"],
            todos=counts["todo_count"],
        )
