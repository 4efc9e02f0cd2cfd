from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class ResPartner(models.Model):
    """Claiming a customer from the pool, and giving it back."""

    _inherit = "res.partner"

    # === Actions === #

    def action_claim(self):
        """Become the owner of these customers, which are in the pool.

        Of two people who claim one at the same moment, the first gets it, and the other is told who has it.

        :raise AccessError: unless the user works in sales and may see the customers in the pool
        :raise UserError: when one is not in the pool, the claims of the day are used up, or the user lost it lately
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only people in sales claim customers. Ask a sales manager to join them."))
        # sudo: as long as nobody owns it, the pool decides who may see it, and not the rules of customers.
        customers = self.sudo().commercial_partner_id
        if customers.company_id - self.env.user.company_ids:
            raise AccessError(self.env._("A customer of a company that is not yours cannot be claimed."))
        customers._lock_for_claim()
        customers._check_in_pool()
        pool = self.env["sales.customer.pool"]
        pool.browse(pool._get_row_ids(customers)).check_access("read")
        claims = self.env["sales.customer.claim"]
        numbers = claims._number_claims(customers)
        claims._check_cooled_down(customers)
        customers._claim(numbers)
        self.env["crm.lead"]._follow_claimed_customers(customers)
        return True

    def action_release_to_pool(self, reason):
        """Give these customers back to the pool.

        :param str reason: why; kept
        :raise AccessError: when one is of somebody else, unless the user is a sales manager
        :raise UserError: without a reason, or when one is not owned
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the customer goes back to the pool: whoever claims it next reads it."))
        self.check_access("read")
        customers = self.commercial_partner_id
        customers.check_access("read")
        customers.sudo()._lock_for_claim()  # sudo: a lock needs the right to write, which is checked here
        is_manager = self.env.user.has_group("sales_team.group_sale_manager")
        for customer in customers:
            if customer.pool_state not in ("owned", "protected"):
                raise UserError(
                    self.env._(
                        "%(customer)s has no owner who could give it back. Reload the page.",
                        customer=customer.display_name,
                    )
                )
            if customer.user_id != self.env.user and not is_manager:
                raise AccessError(customer._get_owned_refusal())
        customers._release("released", reason)
        return True

    def action_open_release(self):
        """Ask for the reason of giving these customers back.

        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Back to the Pool"),
            "res_model": "sales.customer.release",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }

    # === Checks === #

    def _lock_for_claim(self):
        """Wait for who is claiming these customers as well. After a change by them, the database refuses, and Odoo
        tries again and finds their owner."""
        # Always in one order, so that two who claim the same ones do not wait for each other.
        query = SQL("SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR UPDATE", sorted(self.ids))
        self.env.cr.execute(query)
        self.invalidate_recordset(["pool_state", "user_id", "owner_since"])

    def _check_in_pool(self):
        for customer in self:
            if customer.pool_state == "pool":
                continue
            if customer.pool_state and customer.user_id:
                raise UserError(customer._get_owned_refusal())
            raise UserError(
                self.env._(
                    "%(customer)s is not in the pool, so nobody can claim it. Reload the page.",
                    customer=customer.display_name,
                )
            )

    # === The private ways === #

    def _claim(self, numbers):
        """Make the user the owner of these customers in the pool, after the checks."""
        now, uid = fields.Datetime.now(), self.env.uid
        contacts = self._get_followers_of_owner()
        values = {
            "user_id": uid,
            "pool_owner_id": uid,
            "owner_since": now,
            "pooled_at": False,
            "pool_warned_at": False,
        }
        for days, customers in self.grouped(lambda customer: customer._get_protection_days()).items():
            customers.with_context(**self._get_pool_write_context()).write(
                {
                    **values,
                    "pool_state": "protected" if days else "owned",
                    "protected_until": now + timedelta(days=days) if days else False,
                }
            )
        if contacts:
            contacts.with_context(**self._get_pool_write_context()).write({"user_id": uid})
        self.env["sales.customer.claim"]._record("claimed", self, {}, dict.fromkeys(self, uid), numbers=numbers)

    def _release(self, kind, reason=""):
        """Take the owner off these customers and their contacts, after the checks.

        :param str kind: of the fact
        """
        customers = self.sudo()  # sudo: who may release was checked; nobody writes these fields by hand
        former = {customer.with_env(self.env): customer.user_id.id for customer in customers}
        contacts = customers._get_followers_of_owner()
        context = self._get_pool_write_context()
        customers.with_context(**context).write(
            {
                "user_id": False,
                "pool_owner_id": False,
                "pool_state": "pool",
                "owner_since": False,
                "pooled_at": fields.Datetime.now(),
                "protected_until": False,
                "pool_warned_at": False,
            }
        )
        if contacts:
            contacts.with_context(**context).write({"user_id": False})
        self.env["sales.customer.claim"]._record(kind, self, former, {}, reason=reason)

    def _get_protection_days(self):
        self.ensure_one()
        _ids, first = self.env["res.company"]._get_pool_companies()
        company = self.company_id or self.env["res.company"].browse(first)
        return self.customer_tier_id.pool_protection_days or company.customer_pool_protection_days
