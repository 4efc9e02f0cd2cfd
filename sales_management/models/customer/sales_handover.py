from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.sales_management.models.common.sales_handover import HandoverSource

_lt = LazyTranslate(__name__)

#: What activities are about that go along. Others, such as an approval that is asked for, are decided by their own way.
ACTIVITY_MODELS = ("res.partner", "crm.lead", "sale.order")


class SalesHandover(models.AbstractModel):
    """Customers, deals, quotations, open orders and to-dos of one person."""

    _inherit = "sales.handover"

    # === Finding === #

    @api.model
    def _get_handover_sources(self, user, companies):
        in_companies = Domain("company_id", "in", [*companies.ids, False])
        of_user = Domain("user_id", "=", user.id) & in_companies
        # sudo: a manager hands over what belongs to a person, also what other rules hide.
        partners = self._get_handover_model("res.partner").search(of_user)
        customers = partners.filtered(lambda partner: partner.commercial_partner_id == partner)
        contacts = partners - customers
        leads = self._get_handover_model("crm.lead").search(of_user & Domain("won_status", "=", "pending"))
        orders = self._get_handover_model("sale.order").search(of_user & self._get_open_order_domain())
        quotations = orders.filtered(lambda order: order.state in ("draft", "sent"))
        return [
            HandoverSource(
                "customer", _lt("Customers"), customers, self._get_customers(customers), self._hand_over_customers
            ),
            HandoverSource(
                "contact", _lt("Contacts"), contacts, self._get_customers(contacts), self._hand_over_contacts
            ),
            HandoverSource("deal", _lt("Deals"), leads, self._get_customers(leads), self._hand_over_documents),
            HandoverSource(
                "quotation",
                _lt("Quotations"),
                quotations,
                self._get_customers(quotations),
                self._hand_over_documents,
            ),
            HandoverSource(
                "order",
                _lt("Orders"),
                orders - quotations,
                self._get_customers(orders - quotations),
                self._hand_over_documents,
            ),
            *super()._get_handover_sources(user, companies),
            self._get_activity_source(user, companies),
        ]

    @api.model
    def _get_handover_model(self, name):
        return self.env[name].sudo().with_context(active_test=True)  # sudo: as above

    @api.model
    def _get_open_order_domain(self):
        """Quotations, and orders that are not delivered or not invoiced."""
        is_open = Domain("invoice_status", "in", ("no", "to invoice"))
        is_open |= Domain("delivery_status", "in", ("pending", "started", "partial"))
        return Domain("state", "in", ("draft", "sent")) | Domain("state", "=", "sale") & is_open

    @api.model
    def _get_customers(self, records):
        """:return: whose they are: a commercial partner; without any, they are their own"""
        if records._name == "res.partner":
            return {record: record.commercial_partner_id for record in records}
        return {record: record.partner_id.commercial_partner_id for record in records}

    @api.model
    def _get_activity_source(self, user, companies):
        activities = self._get_handover_model("mail.activity").search(
            [("user_id", "=", user.id), ("res_model", "in", ACTIVITY_MODELS)]
        )
        customers = {}
        for model, found in activities.grouped("res_model").items():
            records = self._get_handover_model(model).search(
                [("id", "in", list(set(found.mapped("res_id")))), ("company_id", "in", [*companies.ids, False])]
            )
            owners = self._get_customers(records)
            by_id = {record.id: owners[record] or record for record in records}
            customers |= {activity: by_id[activity.res_id] for activity in found if activity.res_id in by_id}
        kept = activities.filtered(customers.get)
        kept -= self._get_mirroring_activities(kept)
        return HandoverSource("activity", _lt("To-Dos"), kept, customers, self._hand_over_activities)

    @api.model
    def _get_mirroring_activities(self, activities):
        """:return: activities that follow a to-do of a deal, which goes along itself"""
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "sales_management.mail_activity_type_deal_task", raise_if_not_found=False
        )
        return activities.filtered(lambda activity: activity.activity_type_id.id == type_id)

    # === Handing over === #

    @api.model
    def _hand_over_customers(self, customers, successor, reason):
        """Give customers to a successor. A fact for each says so, with the reason."""
        company_ids, first = self.env["res.company"]._get_pool_companies()
        former = {customer: customer.user_id.id for customer in customers}
        pooling = customers.filtered(
            lambda customer: company_ids and customer.partner_share and (customer.company_id.id or first) in company_ids
        )
        # Core looks at the contacts of each customer, and at their users, one by one: read at once for all.
        customers.child_ids.mapped("user_ids")
        customers.child_ids.mapped("child_ids")
        values = {"user_id": successor.id}
        context = customers._get_pool_write_context()
        (customers - pooling).with_context(**context).write(values)
        # The pool knows it at once, so that it does not record it again without the reason.
        pooling.with_context(**context).write(
            {
                **values,
                "pool_state": "owned",
                "pool_owner_id": successor.id,
                "owner_since": fields.Datetime.now(),
                "pooled_at": False,
                "protected_until": False,
                "pool_warned_at": False,
            }
        )
        self.env["sales.customer.claim"]._record(
            "handed_over", customers, former, dict.fromkeys(customers, successor.id), reason=reason
        )

    @api.model
    def _hand_over_contacts(self, contacts, successor, reason):
        contacts.with_context(**contacts._get_pool_write_context()).write({"user_id": successor.id})

    @api.model
    def _hand_over_documents(self, documents, successor, reason):
        """Give deals, quotations or orders to a successor, into one of the successor's teams."""
        # sudo: teams decide, whoever may see them.
        teams = (
            self.env["crm.team"]
            .sudo()
            .search(["|", ("member_ids", "in", successor.ids), ("user_id", "=", successor.id)])
        )
        by_team = documents.grouped(lambda document: self._get_successor_team(document, teams))
        # The warehouse of a quotation is what its customer was told from; core would take the new salesperson's.
        kept = [documents._fields[name] for name in ("warehouse_id",) if name in documents._fields]
        with self.env.protecting(kept, documents):
            for team, found in by_team.items():
                found.with_context(**self._get_handover_context()).write({"user_id": successor.id, "team_id": team.id})

    @api.model
    def _get_successor_team(self, document, teams):
        """:return: the document's own team where the successor is in it, else the first of theirs, else its own"""
        if document.team_id in teams:
            return document.team_id
        use = "active"
        if document._name == "crm.lead":
            use = "use_leads" if document.type == "lead" else "use_opportunities"
        fitting = teams.filtered(
            lambda team: team[use] and (not team.company_id or team.company_id == document.company_id)
        )
        return fitting[:1] or document.team_id

    @api.model
    def _hand_over_activities(self, activities, successor, reason):
        activities = activities.exists().filtered(lambda activity: activity.user_id != successor)
        activities.with_context(**self._get_handover_context()).write({"user_id": successor.id})

    # === What stays === #

    @api.model
    def _get_handover_remains(self, user, companies):
        remains = super()._get_handover_remains(user, companies)
        # sudo: that there is something is said, and of meetings no more than that.
        teams = self.env["crm.team"].sudo().search([("user_id", "=", user.id)])
        if teams:
            names = ", ".join(teams.mapped("name"))
            remains.append(self.env._("Heads these teams: %(teams)s. Appoint somebody else there.", teams=names))
        meetings = (
            self.env["calendar.event"]
            .sudo()
            .search_count([("user_id", "=", user.id), ("start", ">", fields.Datetime.now())])
        )
        if meetings:
            remains.append(
                self.env._(
                    "Meetings to come that they organize: %(count)s. Their guests expect them: hold or cancel each.",
                    count=meetings,
                )
            )
        return remains
