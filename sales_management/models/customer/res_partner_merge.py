from weakref import WeakSet

from odoo import models
from odoo.exceptions import UserError

#: Cursors on which core merges contacts: it writes every column of what it merged, those that nobody writes as well.
MERGING = WeakSet()


class ResPartner(models.Model):
    """Customers that are there twice, and become one."""

    _inherit = "res.partner"

    # === Actions === #

    def action_open_merge(self):
        """Compare these contacts, before core's own wizard merges them.

        :rtype: dict
        :raise AccessError: unless the user may merge contacts
        :raise UserError: with fewer than two
        """
        self.check_access("read")
        if len(self) < 2:
            raise UserError(self.env._("There are no two customers to merge that you may see."))
        return self.env["sales.customer.merge"].create({"partner_ids": self.ids})._get_action()

    def action_merge_duplicates(self):
        """Compare this customer with those that may be the same, as far as the user may see them.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        found = self.browse(
            match.record.id for match in self._find_duplicates().get(self, ()) if match.record._name == self._name
        )
        return (self | found._filtered_access("read")).action_open_merge()

    # === Merging === #

    def _get_merge_parents(self):
        """The companies above this contact; a hierarchy that bites its tail ends where it began.

        :rtype: res.partner
        """
        self.ensure_one()
        parents, parent = self.browse(), self.sudo().parent_id  # sudo: a company above may be hidden, and is not shown
        while parent and parent not in parents:
            parents |= parent
            parent = parent.parent_id
        return parents

    def _prepare_partner_write_values(self, vals):
        if self.env.cr in MERGING:
            # What only the addon sets is set anew once they are one.
            own = self._get_computed_only_fields()
            vals = {name: value for name, value in vals.items() if name not in own}
        return super()._prepare_partner_write_values(vals)

    def _follow_merge(self, owner, last_contact_at):
        """Let what the addon keeps follow a customer into which others were merged.

        :param res.users owner: whose the others were
        :param datetime last_contact_at: the latest contact with any of them
        """
        self.ensure_one()
        if owner and not self.user_id:
            self.user_id = owner
        if last_contact_at and last_contact_at != self.last_contact_at:
            self.last_contact_at = last_contact_at
        for model in ("sales.key.date", "sales.customer.certificate"):
            records = self.env[model].with_context(active_test=False).search([("partner_id", "=", self.id)])
            records._compute_commercial_partner_id()
        if self._is_looking_for_duplicates():
            # Contacts of the company that is gone are known by the one that was kept.
            self.with_context(active_test=False).search([("commercial_partner_id", "=", self.id)])._keep_keys()
        groups = self.env["sales.customer.duplicate"].search([("partner_ids", "in", self.ids), ("state", "=", "open")])
        # Its own deals are no others.
        solved = groups.filtered(
            lambda group: (
                len(group.partner_ids) < 2
                and all(lead.partner_id.commercial_partner_id == self for lead in group.lead_ids)
            )
        )
        solved._decide("done")
