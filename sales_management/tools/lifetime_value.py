"""What a customer brought to date, and what it is expected to bring while it stays.

The projection is the simple formula of S. Gupta and D. R. Lehmann, *Customers as Assets* (Journal of Interactive
Marketing 17(1), 2003): value of a year × r / (1 + i − r), where r is the part of such customers that is still there a
year later, and i the yearly discount. Without a discount the second factor is the number of years that such a customer
stays on average; it is taken from how the customer behaves now, its churn state.
"""

from datetime import timedelta
from typing import NamedTuple

from .churn import ACTIVE, AT_RISK, LOST, SLOWING
from .exact import as_decimal, as_rounded

DAYS_OF_YEAR = 365

#: How many of a hundred customers in a state are still there a year later: where to begin, until a company knows its
#: own. Between 60 and 90 is what Gupta and Lehmann found usual; None is the state of customers without a known rhythm.
RETENTION = {ACTIVE: 80, SLOWING: 60, None: 60, AT_RISK: 30, LOST: 0}


class LifetimeValue(NamedTuple):
    """The value of a customer, and all that it follows from. Amounts are in the currency of the rows.

    :param float to_date: all that it brought
    :param float recent: what it brought in the days that the year's value is taken from
    :param int observed_days: how many days these are
    :param float yearly: what it brings in a year: the same for 365 days, and nothing where that is negative
    :param float retention_percent: how many of a hundred such customers are still there a year later
    :param float discount_percent: by how much an amount is worth less a year later
    :param float years: by how many years' value the future counts, to two decimals
    :param float remaining: what it is expected to bring yet
    :param float projected: both together, to date and remaining
    """

    to_date: float
    recent: float
    observed_days: int
    yearly: float
    retention_percent: float
    discount_percent: float
    years: float
    remaining: float
    projected: float


def get_lifetime_value(rows, today, churn_state=None, retention=None, discount_percent=0, window_days=1095, digits=2):
    """The value of a customer to date and projected.

    The year's value is the average of the last ``window_days``, or since its first row where that is later, but of no
    less than a year: who bought for the first time last week is not taken to do so each week. Rows of days to come do
    not count yet. Who cost more than it brought lately is expected to bring nothing, rather than to cost more and more.

    :param Iterable[tuple[date, Any]] rows: days and amounts, all of them margin or all revenue, without tax, credit
        notes negative, in one currency
    :param date today: the day that the answer is for
    :param str | None churn_state: state of the customer, see ``churn``
    :param dict | None retention: percentage that is still there a year later by churn state, none for ``RETENTION``; a
        state that it does not name is as that of none
    :param discount_percent: yearly discount of what is yet to come, 0 for none
    :param int window_days: how far back the year's value looks: a year at least
    :param int digits: decimals of the currency
    :rtype: LifetimeValue
    :raise ValueError: for a retention by which customers never leave, or a percentage below 0

    >>> from datetime import date
    >>> rows = [(date(2024, 1, 1), 1000), (date(2025, 6, 1), 2000.1), (date(2025, 12, 31), -500)]
    >>> value = get_lifetime_value(rows, date(2025, 12, 31), ACTIVE)
    >>> value.to_date, value.observed_days, value.yearly, value.years, value.remaining, value.projected
    (2500.1, 731, 1248.34, 4.0, 4993.36, 7493.46)
    >>> get_lifetime_value(rows, date(2025, 12, 31), ACTIVE, discount_percent=10).years
    2.67
    >>> get_lifetime_value(rows, date(2025, 12, 31), LOST).projected, get_lifetime_value([], date(2025, 12, 31))[:3]
    (2500.1, (0.0, 0.0, 365))
    """
    if window_days < DAYS_OF_YEAR:
        raise ValueError(f"{window_days} days are less than a year")
    retained = _get_retention(churn_state, RETENTION if retention is None else retention)
    factor = get_expected_years(retained, discount_percent)
    to_date, recent, observed = _sum_rows(rows, today, window_days)
    yearly = max(recent, as_decimal(0)) * DAYS_OF_YEAR / observed
    remaining = as_decimal(as_rounded(yearly * factor, digits))
    return LifetimeValue(
        to_date=as_rounded(to_date, digits),
        recent=as_rounded(recent, digits),
        observed_days=observed,
        yearly=as_rounded(yearly, digits),
        retention_percent=float(retained),
        discount_percent=float(discount_percent),
        years=as_rounded(factor),
        remaining=float(remaining),
        projected=as_rounded(as_decimal(as_rounded(to_date, digits)) + remaining, digits),
    )


def get_expected_years(retention_percent, discount_percent=0):
    """By how many years' value the future counts: r / (1 + i − r).

    :param retention_percent: how many of a hundred customers are still there a year later
    :param discount_percent: yearly discount
    :rtype: Decimal
    :raise ValueError: for a retention by which customers never leave, or a percentage below 0

    >>> get_expected_years(80), get_expected_years(0), round(get_expected_years(80, 10), 2)
    (Decimal('4'), Decimal('0'), Decimal('2.67'))
    >>> get_expected_years(100)
    Traceback (most recent call last):
    ValueError: 100 percent are no retention: it is from 0 to less than 100
    """
    retention, discount = as_decimal(retention_percent), as_decimal(discount_percent)
    if not 0 <= retention < 100:
        raise ValueError(f"{retention_percent} percent are no retention: it is from 0 to less than 100")
    if discount < 0:
        raise ValueError(f"{discount_percent} percent are no discount")
    return retention / (100 + discount - retention)


def _get_retention(churn_state, retention):
    found = retention.get(churn_state)
    return as_decimal(retention.get(None, RETENTION[None]) if found is None else found)


def _sum_rows(rows, today, window_days):
    """All that came to date, what of it came in the window, and for how many days the window looks."""
    start = today - timedelta(days=window_days)
    to_date, recent, first = as_decimal(0), as_decimal(0), today
    for day, amount in rows:
        if day > today:
            continue
        first = min(first, day)
        to_date += as_decimal(amount)
        if day > start:
            recent += as_decimal(amount)
    observed = min((today - first).days + 1, window_days)
    return to_date, recent, max(observed, DAYS_OF_YEAR)
