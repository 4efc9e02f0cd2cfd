"""Groups of records that share keys, against a slow and obvious answer. For pytest alone: Odoo's loader does not bring
Hypothesis."""

from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.duplicate_match import CROWD, match_duplicates

KINDS = ("name", "phone", "vat")
KEYS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(["", None, "a", "b", "c", "d", "e", "f"])), max_size=3
)
ROWS = st.lists(st.tuples(st.integers(0, 12), KEYS), max_size=16)
CROWDS = st.integers(1, 6)


def get_sharers(rows, key):
    return {record for record, keys in rows if key in keys}


def group_slowly(rows, crowd):
    """The groups, by asking again and again whether two of them touch."""
    useful = {key for _record, keys in rows for key in keys if key[1] and len(get_sharers(rows, key)) <= crowd}
    groups = [{record} for record in {record for record, _keys in rows}]
    changed = True
    while changed:
        changed = False
        for key in useful:
            touched = [group for group in groups if group & get_sharers(rows, key)]
            if len(touched) > 1:
                groups = [group for group in groups if group not in touched] + [set().union(*touched)]
                changed = True
    return {frozenset(group) for group in groups if len(group) > 1}


@given(ROWS, CROWDS)
def test_groups_are_those_that_keys_connect(rows, crowd):
    match = match_duplicates(rows, crowd)
    assert {frozenset(group.ids) for group in match.groups} == group_slowly(rows, crowd)
    assert len(match.groups) == len({frozenset(group.ids) for group in match.groups})


@given(ROWS, CROWDS)
def test_every_group_has_its_reasons_and_each_is_true(rows, crowd):
    match = match_duplicates(rows, crowd)
    for group in match.groups:
        assert set(group.ids) == {record for reason in group.reasons for record in reason.ids}
        for reason in group.reasons:
            assert set(reason.ids) == get_sharers(rows, (reason.kind, reason.value))
            assert 1 < len(reason.ids) <= crowd
            assert reason.value
    reasons = {(reason.kind, reason.value) for group in match.groups for reason in group.reasons}
    crowds = {(key.kind, key.value) for key in match.crowds}
    shared = {key for _record, keys in rows for key in keys if key[1] and len(get_sharers(rows, key)) > 1}
    assert reasons | crowds == shared
    assert not reasons & crowds


@given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_change_the_groups(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = match_duplicates(rows), match_duplicates(shuffled)
    assert {frozenset(group.ids) for group in first.groups} == {frozenset(group.ids) for group in second.groups}


@given(ROWS)
def test_records_stand_in_the_order_of_the_rows(rows):
    order = list(dict.fromkeys(record for record, _keys in rows))
    match = match_duplicates(rows)
    assert [group.ids[0] for group in match.groups] == [
        record for record in order if record in {group.ids[0] for group in match.groups}
    ]
    for group in match.groups:
        for ids in (group.ids, *(reason.ids for reason in group.reasons)):
            assert list(ids) == [record for record in order if record in ids]


def test_a_key_that_too_many_share_is_no_reason():
    fits = [(number, {"phone": "+8675526780808"}) for number in range(CROWD)]
    match = match_duplicates(fits)
    assert [group.ids for group in match.groups] == [tuple(range(CROWD))]
    match = match_duplicates([*fits, (CROWD, {"phone": "+8675526780808"})])
    assert match.groups == ()
    assert [len(key.ids) for key in match.crowds] == [CROWD + 1]


def test_a_kind_has_a_crowd_of_its_own():
    rows = [(number, {"domain": "example.com", "name": "acme"}) for number in range(3)]
    match = match_duplicates(rows, crowd=2, crowds={"domain": 3})
    assert [[reason.kind for reason in group.reasons] for group in match.groups] == [["domain"]]
    assert [key.kind for key in match.crowds] == ["name"]


def test_equal_values_of_two_kinds_are_strangers():
    assert match_duplicates([(1, {"vat": "123456"}), (2, {"name": "123456"})]) == ((), ())


def test_records_of_several_models():
    match = match_duplicates([(("res.partner", 1), {"name": "acme"}), (("crm.lead", 1), {"name": "acme"})])
    assert [group.ids for group in match.groups] == [(("res.partner", 1), ("crm.lead", 1))]


def test_nothing_is_nothing():
    assert match_duplicates([]) == ((), ())
    assert match_duplicates([(1, {}), (1, {"name": "a"}), (2, {"name": ""})]) == ((), ())


def get_seconds(count):
    # A chain, pairs, and one number of everybody: what is slow for a careless union.
    rows = [
        (
            number,
            {"phone": f"c{number // 2}", "vat": f"v{(number + 1) // 2}", "name": f"n{number % 997}", "domain": "d"},
        )
        for number in range(count)
    ]
    start = process_time()
    match = match_duplicates(rows)
    seconds = process_time() - start
    assert [len(group.ids) for group in match.groups] == [count]
    return seconds


def test_fifty_thousand_records_take_seconds():
    assert get_seconds(50_000) < 5
