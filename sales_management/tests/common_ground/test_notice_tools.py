"""Properties of the arithmetic of notices. For pytest alone, as Hypothesis is."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.notice import HIDDEN, Line, Message, get_allowed_moment, hide_amounts
from odoo.addons.sales_management.tools.notice_robot import ROBOTS

MINUTE = timedelta(minutes=1)
#: Clocks change within the two days after each: in Berlin and New York both ways, in Apia by leaving out a day.
STARTS = {
    "Europe/Berlin": [datetime(2026, 3, 28), datetime(2026, 10, 24)],
    "America/New_York": [datetime(2026, 3, 7), datetime(2026, 10, 31)],
    "Asia/Shanghai": [datetime(2026, 6, 10)],
    "Pacific/Apia": [datetime(2011, 12, 29)],
}
places = st.sampled_from(sorted(STARTS)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(STARTS[name])))
hours = st.integers(0, 96).map(lambda quarter: quarter / 4)


def is_allowed(moment, zone, quiet_from, quiet_to, off):
    local = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)
    clock = local.hour + local.minute / 60
    if quiet_from <= quiet_to:
        is_quiet = quiet_from <= clock < quiet_to
    else:
        is_quiet = clock >= quiet_from or clock < quiet_to
    return not is_quiet and local.date() not in off


@given(places, st.integers(0, 2880), hours, hours, st.sets(st.integers(0, 2), max_size=2))
@example(("Asia/Shanghai", datetime(2026, 6, 10)), 0, 0.0, 24.0, set())
def test_first_minute_that_is_allowed(place, minute, quiet_from, quiet_to, off_days):
    name, start = place
    zone, moment = ZoneInfo(name), start + minute * MINUTE
    off = {date(start.year, start.month, start.day) + timedelta(days=day) for day in off_days}
    found = get_allowed_moment(moment, zone, quiet_from, quiet_to, lambda day: day not in off)
    candidate = moment
    for _minute in range(7 * 1440):
        if is_allowed(candidate, zone, quiet_from, quiet_to, off):
            break
        candidate += MINUTE
    else:
        # Quiet from 0:00 to 24:00, which no minute escapes.
        assert (quiet_from, quiet_to) == (0, 24)
        return
    assert found == candidate


texts = st.text(max_size=400)
lines = st.builds(Line, texts, st.just("https://example.com/mail/view?model=crm.lead&res_id=1"), texts)
messages = st.builds(Message, texts, st.lists(st.tuples(texts, st.lists(lines, max_size=30)), max_size=5))


@given(messages, st.sampled_from(sorted(ROBOTS)))
def test_messages_keep_to_the_limit_and_mention_nobody(message, provider):
    request = ROBOTS[provider].prepare("https://example.com/?key=1", "", message, "… and {} more".format, 0)
    sizes = {"wecom": 4096, "dingtalk": 20_000, "feishu": 20_000}
    if provider == "wecom":
        assert len(request.payload["markdown"]["content"].encode()) <= sizes[provider]
    said = json.dumps(request.payload, ensure_ascii=False)
    if provider != "feishu":
        assert len(said.encode()) <= sizes[provider] * 1.3
    else:
        assert len(json.dumps(request.payload)) <= sizes[provider]
    assert "<" not in said


@given(st.integers(1, 10**9), st.sampled_from(["¥{}", "{} 元", "€ {}", "{:,}.00", "{:,} EUR", "EUR {}", "{}万元"]))
def test_amounts_are_hidden(number, form):
    text = form.format(number)
    if form == "{:,}.00" and number < 1000:
        return
    assert hide_amounts(f"Deal over {text} today", ["€", "EUR"]) == f"Deal over {HIDDEN} today"
