"""Quotations that may go to their customers, and quotations that may not: for tests of every way out."""

from odoo.tools import SQL

from ..common import DealDocumentCommon

#: Reference of the customer that the rule of these tests asks about; no part of what is approved.
HELD = "Held back"


class ReleaseMixin:
    """Makes quotations released and unreleased, the way that users would."""

    @classmethod
    def _switch_release_on(cls):
        """Use both capabilities in the company, with one rule that blocks what :meth:`_make_unreleased` is given."""
        cls.env.company.write({"sales_quotation_enabled": True, "sales_approval_enabled": True})
        cls.release_rule = cls.env["sales.approval.rule"].create(
            {
                "name": "Held back",
                "enforcement": "block",
                "domain": f"[('client_order_ref', '=', '{HELD}')]",
                "step_ids": [
                    (0, 0, {"approver_kind": "user", "user_ids": [(6, 0, cls.manager.ids)]}),
                ],
            }
        )

    @classmethod
    def _is_approval_asked(cls):
        """Whether approval is decided by rules yet."""
        return hasattr(cls.env["sale.order"], "action_request_approval")

    @classmethod
    def _make_unreleased(cls, orders):
        """Hold these quotations back: a rule asks for an approval that nobody gave."""
        orders = orders.sudo()
        if cls._is_approval_asked():
            orders.write({"client_order_ref": HELD, "approval_digest": False})
            cls._recompute_approval(orders)
        else:
            cls._set_columns(orders, is_current_revision=False, approval_state="to_submit")
        return orders

    @classmethod
    def _make_released(cls, orders):
        """Let these quotations go: what they say now is approved."""
        orders = orders.sudo()
        if cls._is_approval_asked():
            for order, digest in orders._get_content_digests().items():
                order.approval_digest = digest
            cls._recompute_approval(orders)
        else:
            cls._set_columns(orders, is_current_revision=True, approval_state="approved")
        return orders

    @classmethod
    def _make_superseded(cls, orders, current=None):
        """Put these quotations aside, as a newer revision does."""
        orders = orders.sudo()
        cls._set_columns(
            orders, is_current_revision=False, superseded_by_id=current.id if current else None, state="cancel"
        )
        return orders

    @classmethod
    def _recompute_approval(cls, orders):
        cls.env.add_to_compute(orders._fields["approval_state"], orders)
        orders.flush_recordset()
        orders.invalidate_recordset()

    @classmethod
    def _set_columns(cls, orders, **values):
        orders.flush_recordset()
        assignments = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())
        cls.env.cr.execute(SQL("UPDATE sale_order SET %s WHERE id IN %s", assignments, orders._ids))
        orders.invalidate_recordset()


class ReleaseCommon(ReleaseMixin, DealDocumentCommon):
    """One quotation that may go and one that may not, of a customer who has a portal account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._switch_release_on()
        cls.portal_user = cls.users_by_role["portal"]
        cls.customer = cls.portal_user.partner_id
        cls.customer.email = "customer@example.com"
        values = {"user_id": cls.salesperson.id, "team_id": cls.team.id}
        cls.released = cls._make_released(cls._create_order(**values))
        cls.unreleased = cls._make_unreleased(cls._create_order(**values))
