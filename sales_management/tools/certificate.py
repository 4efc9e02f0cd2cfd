"""What certificates are needed for, and what a register says of one, as values."""

from typing import NamedTuple

#: From what lets everything pass to what refuses.
LEVELS = ("off", "warn", "block")


class CertificateNeed(NamedTuple):
    """What a type of certificate is needed for, and how strictly.

    :param int type_id: the type
    :param int company_id: the company that asks for it, with its branches; 0 for all
    :param frozenset[int] template_ids: products that need it
    :param frozenset[int] category_ids: categories whose products need it, with those below
    :param str sending: ``off``, ``warn`` or ``block`` before a quotation is sent
    :param str confirmation: the same before it becomes an order
    """

    type_id: int
    company_id: int
    template_ids: frozenset
    category_ids: frozenset
    sending: str
    confirmation: str

    def is_asked_by(self, company_ids):
        """
        :param company_ids: a company and those that it is a branch of

        >>> need = CertificateNeed(1, 7, frozenset(), frozenset(), "warn", "block")
        >>> need.is_asked_by([7, 9]), need.is_asked_by([9]), need._replace(company_id=0).is_asked_by([9])
        (True, False, True)
        """
        return not self.company_id or self.company_id in company_ids

    def is_needed_for(self, template_id, category_ids):
        """
        :param int template_id: a product
        :param category_ids: its category and those above

        >>> need = CertificateNeed(1, 0, frozenset([5]), frozenset([2]), "warn", "block")
        >>> need.is_needed_for(5, [8]), need.is_needed_for(6, [1, 2, 8]), need.is_needed_for(6, [1, 8])
        (True, True, False)
        """
        return template_id in self.template_ids or not self.category_ids.isdisjoint(category_ids)

    @property
    def strictest(self):
        """How strictly it is asked for before an order: what may not be sent becomes none.

        >>> CertificateNeed(1, 0, frozenset(), frozenset(), "block", "off").strictest
        'block'
        """
        return max(self.sending, self.confirmation, key=LEVELS.index)


class Verification(NamedTuple):
    """What a register outside says of a certificate.

    :param bool is_valid: whether it knows it, with this number, holder and dates
    :param str note: what it says of it, for people

    >>> Verification(True).note
    ''
    """

    is_valid: bool
    note: str = ""
