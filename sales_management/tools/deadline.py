"""When a to-do is due, and which level of its escalation is reached; without the ORM.

A plan is what :func:`get_plan` gives: a level's id, number, hours, and moment, as JSON keeps them. It is made once,
when the clock starts, so that whoever looks which levels are reached reads no calendar.
"""

from datetime import datetime, timedelta

from .working_time import NoWorkingTime

#: Hours that a deadline may have: a year of 365 days.
MAX_HOURS = 8760


def get_deadline(start, hours, working_time=None):
    """The moment that lies so many hours after another.

    :param datetime start: naive UTC
    :param float hours: calendar hours, or hours of the working time
    :param WorkingTime | None working_time: clock that counts, none for the calendar
    :return: the moment, and whether calendar hours were counted because there is not as much working time
    :rtype: tuple[datetime, bool]

    >>> from .working_time import Attendance, WorkingTime
    >>> office = WorkingTime([Attendance(weekday, 9, 17) for weekday in range(5)])
    >>> get_deadline(datetime(2026, 7, 3, 16), 2)
    (datetime.datetime(2026, 7, 3, 18, 0), False)
    >>> get_deadline(datetime(2026, 7, 3, 16), 2, office)
    (datetime.datetime(2026, 7, 6, 10, 0), False)
    >>> get_deadline(datetime(2026, 7, 3, 16), 2, WorkingTime([]))
    (datetime.datetime(2026, 7, 3, 18, 0), True)
    """
    if working_time:
        try:
            return working_time.add_hours(start, hours), False
        except NoWorkingTime:
            return start + timedelta(hours=hours), True
    return start + timedelta(seconds=round(hours * 3600)), False


def get_plan(start, levels, working_time=None):
    """When each level of an escalation is reached.

    :param Iterable[tuple] levels: ``(id, level, hours)``
    :rtype: list[list]

    >>> get_plan(datetime(2026, 7, 3, 16), [(7, 2, 72.0), (5, 1, 48.0)])
    [[5, 1, 48.0, '2026-07-05T16:00:00'], [7, 2, 72.0, '2026-07-06T16:00:00']]
    """
    return [
        [id_, level, hours, get_deadline(start, hours, working_time)[0].isoformat()]
        for id_, level, hours in sorted(levels, key=lambda row: row[1])
    ]


def get_levels(plan):
    """Levels of a plan, as :func:`get_plan` takes them.

    >>> get_levels([[5, 1, 48.0, '2026-07-05T16:00:00']])
    [(5, 1, 48.0)]
    """
    return [tuple(row[:3]) for row in plan or ()]


def get_reached_level(plan, told, now):
    """The highest level that is reached and was not told: those below it say nothing that it does not say.

    :param int told: highest level that was told
    :return: id and number of the level, none when nothing is to be told
    :rtype: tuple[int, int] | None

    >>> plan = get_plan(datetime(2026, 7, 3, 16), [(5, 1, 48.0), (7, 2, 72.0)])
    >>> [get_reached_level(plan, 0, datetime(2026, 7, day, 17)) for day in (4, 5, 6)]
    [None, (5, 1), (7, 2)]
    >>> get_reached_level(plan, 1, datetime(2026, 7, 5, 17))
    """
    reached = [(row[1], row[0]) for row in plan or () if row[1] > told and datetime.fromisoformat(row[3]) <= now]
    if not reached:
        return None
    level, id_ = max(reached)
    return id_, level


def get_next_moment(plan, told):
    """When the next level is reached, none after the last.

    >>> plan = get_plan(datetime(2026, 7, 3, 16), [(5, 1, 48.0), (7, 2, 72.0)])
    >>> get_next_moment(plan, 1), get_next_moment(plan, 2)
    (datetime.datetime(2026, 7, 6, 16, 0), None)
    """
    return min((datetime.fromisoformat(row[3]) for row in plan or () if row[1] > told), default=None)
