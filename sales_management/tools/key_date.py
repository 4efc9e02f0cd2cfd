"""Days that come back every year, and those that come once."""

from datetime import date

FEBRUARY = 2
LEAP_DAY = 29


def get_anniversary(day, year):
    """The day in another year. 29 February is 28 February where there is none.

    :param datetime.date day: when it was first
    :param int year: the year asked for
    :rtype: datetime.date

    >>> get_anniversary(date(1990, 5, 1), 2027)
    datetime.date(2027, 5, 1)
    >>> get_anniversary(date(1992, 2, 29), 2027), get_anniversary(date(1992, 2, 29), 2028)
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 29))
    >>> get_anniversary(date(1992, 2, 29), 2100)
    datetime.date(2100, 2, 28)
    """
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, FEBRUARY, LEAP_DAY - 1)


def get_next_date(day, is_yearly, today):
    """When it is next: today counts. What comes once stays on its day, also when that is over.

    :param datetime.date day: when it is, or was first
    :param bool is_yearly: whether it comes back every year
    :param datetime.date today: where the company is
    :rtype: datetime.date

    >>> get_next_date(date(1990, 3, 4), True, date(2026, 3, 4))
    datetime.date(2026, 3, 4)
    >>> get_next_date(date(1990, 3, 4), True, date(2026, 3, 5))
    datetime.date(2027, 3, 4)
    >>> get_next_date(date(1990, 3, 4), False, date(2026, 3, 5))
    datetime.date(1990, 3, 4)

    What has not been yet comes first on its own day:

    >>> get_next_date(date(2030, 3, 4), True, date(2026, 3, 5))
    datetime.date(2030, 3, 4)

    A leap day is kept in the years that have one:

    >>> leap_day = date(1992, 2, 29)
    >>> get_next_date(leap_day, True, date(2027, 2, 28)), get_next_date(leap_day, True, date(2027, 3, 1))
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 29))
    """
    if not is_yearly or day >= today:
        return day
    this_year = get_anniversary(day, today.year)
    return this_year if this_year >= today else get_anniversary(day, today.year + 1)
