"""How far a target is reached, and where the period will end if it goes on as it did.

What was expected by now is the *planned value* of earned value management, spread evenly over working days, and what is
expected at the end goes on at the rate so far, as its *estimate at completion* does: Project Management Institute,
*Practice Standard for Earned Value Management* (2nd edition, 2011). The *run rate* is used as in finance: what a day
brought so far, taken to go on. Days are working days, so that a month with a week of holidays has fewer of them.

Nothing is divided by zero: what has no meaning is none, never a zero that somebody could take for a result.
"""

from datetime import timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from .exact import as_fraction, as_rounded

HUNDRED = 100
#: Decimals of percentages.
PERCENT_DIGITS = 2
ONE_DAY = timedelta(days=1)


class WorkingDays(NamedTuple):
    """Working days of a period: those that are over, and all. A part of a day may be over.

    >>> WorkingDays(10, 22).left
    12
    """

    elapsed: Any
    total: Any

    @property
    def left(self):
        """Those that are still to come."""
        return self.total - self.elapsed


class Attainment(NamedTuple):
    """Where a target stands. Amounts have the decimals of the currency, percentages two; halves go away from zero.

    :param float | None attainment: actual ÷ target, in percent; none for a target that is not above zero
    :param float gap: target − actual: what is missing yet, negative where more was reached
    :param float planned: target × days elapsed ÷ all days: what was expected by now
    :param float ahead: actual − planned: by how much it is ahead of the plan, negative where it is behind
    :param float | None run_rate: actual ÷ days elapsed: what a working day brought; none where none is over
    :param float | None required_rate: gap ÷ days left, 0 where there is no gap: what a working day must bring from now
        on; none where something is missing and no day is left
    :param float | None expected: actual ÷ days elapsed × all days: what the end will bring at this rate. The actual
        itself where no day is left; none where no day is over, as there is no rate yet
    :param float | None expected_attainment: expected ÷ target, in percent; none where either is
    """

    attainment: Any
    gap: float
    planned: float
    ahead: float
    run_rate: Any
    required_rate: Any
    expected: Any
    expected_attainment: Any


def get_attainment(actual, target, days, digits=2):
    """Where a target stands at a moment of its period.

    :param actual: what was reached so far, negative where refunds took back more
    :param target: what is to be reached in the whole period
    :param WorkingDays days: see ``get_working_days``
    :param int digits: decimals of the currency, or of the number that is counted
    :rtype: Attainment
    :raise ValueError: for days that are negative, or more elapsed than there are

    >>> get_attainment(60000, 100000, WorkingDays(10, 20))._asdict() == dict(
    ...     attainment=60.0, gap=40000.0, planned=50000.0, ahead=10000.0, run_rate=6000.0, required_rate=4000.0,
    ...     expected=120000.0, expected_attainment=120.0,
    ... )
    True

    No target, a period that has not begun, and one that is over:

    >>> none = get_attainment(500, 0, WorkingDays(5, 20))
    >>> none.attainment, none.gap, none.expected, none.expected_attainment
    (None, -500.0, 2000.0, None)
    >>> future = get_attainment(500, 1000, WorkingDays(0, 20))
    >>> future.attainment, future.run_rate, future.required_rate, future.expected
    (50.0, None, 25.0, None)
    >>> past = get_attainment(500, 1000, WorkingDays(20, 20))
    >>> past.attainment, past.run_rate, past.required_rate, past.expected
    (50.0, 25.0, None, 500.0)
    """
    reached, wanted = as_fraction(actual), as_fraction(target)
    elapsed, total = _as_days(days.elapsed), _as_days(days.total)
    if not 0 <= elapsed <= total:
        raise ValueError(f"{days.elapsed} of {days.total} days cannot be over")
    gap = wanted - reached
    # A period without working days brings nothing more, and was to bring all of it at once.
    planned = wanted * elapsed / total if total else wanted
    expected = _get_expected(reached, elapsed, total)
    return Attainment(
        attainment=_round(_get_percent(reached, wanted), PERCENT_DIGITS),
        gap=_round(gap, digits),
        planned=_round(planned, digits),
        ahead=_round(reached - planned, digits),
        run_rate=_round(reached / elapsed if elapsed else None, digits),
        required_rate=_round(_get_required(gap, total - elapsed), digits),
        expected=_round(expected, digits),
        expected_attainment=_round(_get_percent(expected, wanted), PERCENT_DIGITS),
    )


def get_working_days(first, last, today, works_on, part_of_today=1):
    """Working days of a period, and those that are over on a day.

    Today counts as over by default, as its orders do: in the morning the rate is rather too low than too high, and on
    the first day there is one. A part of it can be said where the hour is known.

    :param date first: first day of the period
    :param date last: last day, included
    :param date today: the day that the answer is for
    :param works_on: function of a date: whether it is a working day, or which part of one from 0 to 1
    :param part_of_today: which part of today is over, from 0 to 1
    :rtype: WorkingDays
    :raise ValueError: for a part that is not from 0 to 1

    >>> from datetime import date
    >>> def works_on(day):
    ...     return day.weekday() < 5
    >>> march = (date(2026, 3, 1), date(2026, 3, 31))
    >>> [tuple(map(float, get_working_days(*march, date(2026, month, 10), works_on))) for month in (2, 3, 4)]
    [(0.0, 22.0), (7.0, 22.0), (22.0, 22.0)]
    >>> float(get_working_days(*march, date(2026, 3, 10), works_on, part_of_today=0.25).elapsed)
    6.25
    """
    part = _as_days(part_of_today)
    if not 0 <= part <= 1:
        raise ValueError(f"{part_of_today} is not a part of a day")
    elapsed, total, day = Fraction(0), Fraction(0), first
    while day <= last:
        worked = _as_days(works_on(day))
        total += worked
        if day < today:
            elapsed += worked
        elif day == today:
            elapsed += worked * part
        day += ONE_DAY
    return WorkingDays(elapsed, total)


def _get_expected(reached, elapsed, total):
    if elapsed == total:
        return reached
    return reached * total / elapsed if elapsed else None


def _get_required(gap, left):
    if gap <= 0:
        return Fraction(0)
    return gap / left if left else None


def _get_percent(part, whole):
    # A percentage of nothing is nothing to show, and one of less than nothing is better the worse it is.
    return part * HUNDRED / whole if part is not None and whole > 0 else None


def _as_days(days):
    return as_fraction(int(days) if isinstance(days, bool) else days)


def _round(exact, digits):
    return None if exact is None else as_rounded(exact, digits)
