"""Properties of the way to the customer. For pytest alone: Odoo's loader does not bring Hypothesis."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.delivery_chain import DeliveryChain
from odoo.addons.sales_management.tools.working_time import Attendance, DayRule, WorkingTime

NOW = datetime(2026, 9, 30, 8)
START = NOW.date().toordinal()
zones = st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Pacific/Auckland"]).map(ZoneInfo)
weekdays = st.sets(st.integers(0, 6), min_size=1)
exceptions = st.dictionaries(st.integers(START - 30, START + 30).map(date.fromordinal), st.booleans(), max_size=20)
days = st.integers(START - 60, START + 60)


@st.composite
def chains(draw):
    zone = draw(zones)
    rules = {day: DayRule(works) for day, works in draw(exceptions).items()}
    working_time = WorkingTime([Attendance(weekday, 8, 17) for weekday in draw(weekdays)], zone, [], rules)
    return DeliveryChain(
        working_time,
        NOW,
        cutoff=draw(st.none() | st.floats(0, 24)),
        steps=draw(st.integers(0, 6)),
        pulled=draw(st.integers(0, 6)),
        safety=draw(st.integers(0, 4)),
        transit=draw(st.integers(0, 40)),
    )


@given(chains(), days)
def test_what_is_asked_for_a_day_leaves_on_the_last_day_on_which_it_can(chain, asked):
    moment = chain._get_noon(asked)
    shelf = chain.to_shelf(moment)
    assert chain.get_day(chain.to_customer(shelf)) <= asked
    assert all(chain.get_day(chain.to_customer(later)) > asked for later in range(shelf + 1, shelf + 30))


@given(chains(), days)
def test_the_way_back_leads_to_the_working_day_that_the_way_there_began_on(chain, day):
    shelf = chain.to_shelf(chain.to_customer(day))
    assert chain.to_customer(shelf) == chain.to_customer(day)
    assert shelf >= day


@given(chains(), days, days)
def test_what_leaves_later_never_arrives_earlier(chain, first, second):
    first, second = sorted((first, second))
    assert chain.to_customer(first) <= chain.to_customer(second)


@given(chains(), st.integers(0, 60))
def test_what_is_planned_is_taken_on_the_shelf_day(chain, ahead):
    moment = chain.to_customer(chain.today + ahead)
    taken = chain.to_ship(moment) - timedelta(days=chain._pulled)
    assert taken >= NOW
    if chain._get_noon(chain.to_shelf(moment)) >= NOW:
        assert chain.get_day(taken) == chain.to_shelf(moment)
