"""A capability that lets out only what it was told of, so that every gate is tried without one that decides."""

from odoo.tools import SQL

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tools.blocker import Blocker

REASON = "Nobody approved what it says"


class ContentGateMixin:
    """Quotations may leave once :meth:`_release` was told of them, with exactly what they say then."""

    approved = frozenset()

    @classmethod
    def _close_gate(cls):
        cls.env.company.sales_quotation_enabled = True
        cls.approved = set()
        model = cls.env.registry["sale.order"]
        get_blockers = model._get_release_blockers

        def _get_release_blockers(orders):
            blockers = get_blockers(orders)
            for order, digest in orders._get_content_digests().items():
                if (order.id, digest) not in cls.approved:
                    blockers[order].append(Blocker("approval", order, REASON))
            return blockers

        cls.classPatch(model, "_get_release_blockers", _get_release_blockers)

    def setUp(self):
        super().setUp()
        self.patch(type(self), "approved", set(self.approved))

    @classmethod
    def _release(cls, orders):
        cls.approved |= {(order.id, digest) for order, digest in orders._get_content_digests().items()}
        return orders

    @classmethod
    def _set_columns(cls, orders, **values):
        """Write columns past the ORM, as code does that nobody intercepts."""
        orders.flush_recordset()
        assignments = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())
        cls.env.cr.execute(SQL("UPDATE sale_order SET %s WHERE id IN %s", assignments, orders._ids))
        orders.invalidate_recordset()


class ContentGateCommon(ContentGateMixin, DealDocumentCommon):
    """A released and an unreleased quotation of a customer with a portal account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.users_by_role["portal"]
        cls.customer = cls.portal.partner_id
        cls.customer.email = "customer@example.com"
        cls.released, cls.unreleased = cls._quote(), cls._quote()
        cls._close_gate()
        cls._release(cls.released)

    @classmethod
    def _quote(cls, **values):
        return cls._create_order(**{"user_id": cls.salesperson.id, "team_id": cls.team.id, **values})
