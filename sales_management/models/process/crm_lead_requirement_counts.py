from contextlib import contextmanager
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

#: Where the cursor keeps what was counted of the deals that are being looked at.
COUNTED = "sales_management.requirement_counts"


class Counted(NamedTuple):
    """Deals that are looked at together, and what was counted of all of them."""

    leads: models.BaseModel
    ids: frozenset
    found: dict


class CrmLead(models.Model):
    """What requirements count on deals: once for all of them, however many requirements ask."""

    _inherit = "crm.lead"

    @contextmanager
    def _counting_together(self):
        """Inside the ``with``, whatever is counted of some of these deals is counted of all of them, and once.

        Nothing that is counted may change inside.
        """
        cache = self.env.cr.cache
        outer = cache.get(COUNTED)
        cache[COUNTED] = Counted(self, frozenset(self._ids), {})
        try:
            yield
        finally:
            cache[COUNTED] = outer

    def _count_together(self, count):
        """Ask for what a method counts of these deals.

        :param str count: name of a method of deals, without arguments
        :return: what it returns, of these deals or of more
        """
        counted = self.env.cr.cache.get(COUNTED)
        if counted is None or not counted.ids.issuperset(self._ids):
            return getattr(self, count)()
        if count not in counted.found:
            counted.found[count] = getattr(counted.leads, count)()
        return counted.found[count]

    def _count_documents(self):
        """:return: number of documents by deal and type
        :rtype: dict[tuple[int, int], int]
        """
        # sudo: what a deal has counts, whoever may read it.
        documents = self.env["sales.deal.document"].sudo()
        rows = documents._read_group([("lead_id", "in", self.ids)], ["lead_id", "type_id"], ["__count"])
        return {(lead.id, type_.id): count for lead, type_, count in rows}

    def _count_orders(self):
        """:return: number of quotations and orders by deal and state
        :rtype: dict[tuple[int, str], int]
        """
        # sudo: as above.
        orders = self.env["sale.order"].sudo()
        domain = [("opportunity_id", "in", self.ids), ("state", "in", ("sent", "sale"))]
        rows = orders._read_group(domain, ["opportunity_id", "state"], ["__count"])
        return {(lead.id, state): count for lead, state, count in rows}

    def _count_activities(self):
        """:return: number of done activities by deal and type; those of no customer are left out of type ``False``
        :rtype: dict[tuple[int, int | bool], int]
        """
        domain = Domain("model", "=", self._name) & Domain("res_id", "in", self.ids)
        domain &= Domain("mail_activity_type_id", "!=", False)
        # sudo: what was done counts, whoever may read of it.
        rows = self.env["mail.message"].sudo()._read_group(domain, ["res_id", "mail_activity_type_id"], ["__count"])
        own_ids = self._get_own_activity_type_ids()
        counts = {}
        for lead_id, type_, count in rows:
            counts[lead_id, type_.id] = count
            if type_.id not in own_ids:
                counts[lead_id, False] = counts.get((lead_id, False), 0) + count
        return counts

    def _find_checklist_lines(self):
        """:return: stored lines of checklists by deal and requirement
        :rtype: dict[tuple[int, int], sales.deal.checklist]
        """
        # sudo: a line counts, whoever ticked it off.
        stored = self.env["sales.deal.checklist"].sudo().search([("lead_id", "in", self.ids)])
        return stored.grouped(lambda line: (line.lead_id.id, line.requirement_id.id))
