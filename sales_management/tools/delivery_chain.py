"""The way from the shelf to the customer, in days: forward for a promise, backward for a date that was asked for.

Goods are taken on a working day of the warehouse; each step of the delivery takes working days; the safety days and the
transport that follow are days of the calendar. Days are ordinals (``date.toordinal()``) in the zone of the warehouse,
moments are naive in UTC. What arrives on a day is told as its noon, which is the same date in most zones.
"""

import math
from datetime import date, datetime, time, timedelta, timezone

from .working_time import NoWorkingTime

NOON = time(12)
#: Days of transport beyond which nobody can mean it.
MOST = 36500
FIRST, LAST = date(1900, 1, 1).toordinal(), date(9000, 1, 1).toordinal()


class DeliveryChain:
    """The way out of one warehouse.

    :param WorkingTime working_time: when the warehouse works, by its own clock
    :param datetime now: naive in UTC
    :param zone: of the warehouse, none for that of its working time
    :param float cutoff: hour of the day from which on nothing more leaves today, none for never
    :param float steps: working days that the steps of a delivery take together
    :param float pulled: those of them that Odoo subtracts by itself from the date that it is given
    :param float safety: calendar days that are kept in hand
    :param float transit: calendar days to the customer, where nobody says how many

    >>> from zoneinfo import ZoneInfo
    >>> from .working_time import Attendance, WorkingTime
    >>> office = WorkingTime([Attendance(weekday, 8, 17) for weekday in range(5)], ZoneInfo("Asia/Shanghai"))
    >>> chain = DeliveryChain(office, datetime(2026, 11, 20, 8), cutoff=15, steps=1, transit=2)

    Asked on a Friday at four in the afternoon, goods are taken on Monday, leave on Tuesday, and are there on Thursday:

    >>> date.fromordinal(chain.today), chain.to_customer(chain.today)
    (datetime.date(2026, 11, 23), datetime.datetime(2026, 11, 26, 4, 0))
    >>> date.fromordinal(chain.to_shelf(datetime(2026, 11, 26, 4)))
    datetime.date(2026, 11, 23)
    """

    def __init__(self, working_time, now, zone=None, cutoff=None, steps=0, pulled=0, safety=0, transit=0):
        self._working_time = working_time
        self._now = now
        self._zone = zone or working_time.zone
        self._steps = math.ceil(steps)
        self._pulled = pulled
        self._safety = math.ceil(safety)
        self._transit = transit
        self._moments, self._shelves = {}, {}
        local = self._to_local(now)
        self.now_day = local.toordinal()
        is_over = cutoff is not None and local.hour + local.minute / 60 >= cutoff
        self.today = self._get_working_day(self.now_day + is_over, 1)

    def get_day(self, moment):
        """Day of a moment by the clock of the warehouse."""
        return self._to_local(moment).toordinal()

    def to_customer(self, day, transit=None):
        """When goods that are taken on a day, or the first working day after, are with the customer."""
        key = day, transit
        moment = self._moments.get(key)
        if moment is None:
            left = self._add_working_days(self._get_working_day(day, 1), self._steps)
            moment = self._moments[key] = self._get_noon(left + self._safety + self._get_transit(transit))
        return moment

    def to_shelf(self, moment, transit=None):
        """The last day on which goods are taken that are with the customer on the day of a moment, or before.

        What is asked for a day may come on it at any hour. The day may lie in the past.
        """
        key = self.get_day(moment), transit
        day = self._shelves.get(key)
        if day is None:
            leaves = key[0] - self._safety - self._get_transit(transit)
            day = self._shelves[key] = self._add_working_days(self._get_working_day(leaves, -1), -self._steps)
        return day

    def to_ship(self, moment, transit=None):
        """The moment to plan a delivery for, so that its goods are taken on the day of :meth:`to_shelf`.

        Odoo subtracts the days of the rules that it pulls by; what should have left already leaves now.
        """
        taken = max(self._get_noon(self.to_shelf(moment, transit)), self._now)
        return taken + timedelta(days=self._pulled)

    # === Days === #

    def _get_transit(self, transit):
        days = self._transit if transit is None else transit
        return math.ceil(min(max(days, 0), MOST)) if math.isfinite(days) else 0

    def _get_working_day(self, day, step):
        if self._working_time.works_on(_get_date(day)):
            return day
        return self._add_working_days(day, step)

    def _add_working_days(self, day, days):
        if not days:
            return day
        try:
            return self._working_time.add_days(_get_date(day), days).toordinal()
        except NoWorkingTime:
            # A calendar in which nobody ever works is a slip of who set it up: then all days count.
            return day + days

    # === Moments === #

    def _to_local(self, moment):
        return moment.replace(tzinfo=timezone.utc).astimezone(self._zone)

    def _get_noon(self, day):
        noon = datetime.combine(_get_date(day), NOON)
        # Zones of the ORM are of a library that has its own way to attach them.
        local = self._zone.localize(noon) if hasattr(self._zone, "localize") else noon.replace(tzinfo=self._zone)
        return local.astimezone(timezone.utc).replace(tzinfo=None)


def _get_date(day):
    """Date of an ordinal, within what dates and their zones can say."""
    return date.fromordinal(min(max(day, FIRST), LAST))
