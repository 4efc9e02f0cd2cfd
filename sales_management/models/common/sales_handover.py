from collections.abc import Callable
from typing import Any, NamedTuple

from odoo import api, models


class HandoverSource(NamedTuple):
    """What of one person is handed over to others: records of one kind.

    :param str code: what facts and counts call it
    :param label: what people call it; a lazy translation
    :param records: what belongs to the person
    :param dict customers: the commercial partner that each record belongs to; one that is left out, or has none, goes
        by itself
    :param Callable hand_over: called with some of the records, their new owner and the reason
    """

    code: str
    label: Any
    records: models.BaseModel
    customers: dict
    hand_over: Callable


class SalesHandover(models.AbstractModel):
    """Where capabilities say what goes along when a person hands over, and what stays."""

    _name = "sales.handover"
    _description = "Handover"

    @api.model
    def _get_handover_sources(self, user, companies):
        """What is handed over, in the order in which it is.

        To override: add yours to ``super()``'s. Search as superuser, and leave out archived records and those of other
        companies; records of no company belong to all. Neither finding nor handing over may take a number of queries
        that grows with the records. Whatever an earlier source has taken along by then, a later one has to leave alone.

        :param res.users user: who hands over
        :param res.company companies: whose records are handed over
        :rtype: list[HandoverSource]
        """
        return []

    @api.model
    def _get_handover_remains(self, user, companies):
        """What a person has and a handover leaves, in words: somebody has to decide on it one by one.

        To override: add yours to ``super()``'s.

        :rtype: list[str]
        """
        return []

    @api.model
    def _get_handover_context(self):
        """What happened is told by facts and one notice; a tracked value and a mail for each record would only repeat
        it."""
        return {"mail_notrack": True, "mail_auto_subscribe_no_notify": True, "mail_activity_quick_update": True}
