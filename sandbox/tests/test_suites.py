"""./sandbox/test: its arguments, its view of skips, and its comparison with core."""

from types import SimpleNamespace

import pytest

import conftest
from sandbox.setup import core_log, suites

LOG = """\
2026-01-01 10:00:00,000 1 INFO db odoo.addons.crm.tests.test_a: Starting TestA.test_one ...
2026-01-01 10:00:01,000 1 INFO db odoo.addons.crm.tests.test_a: Starting TestA.test_two ...
"""
END = "2026-01-01 10:00:09,000 1 INFO db odoo.service.server: 2 post-tests in 9.00s, 99 queries\n"
FAILURE = """\
2026-01-01 10:00:02,000 1 ERROR db odoo.addons.crm.tests.test_a: FAIL: TestA.test_two
Traceback (most recent call last):
AssertionError: 1 != 2
"""
BUDGET = """\
2026-01-01 10:00:02,000 1 ERROR db odoo.addons.crm.tests.test_a: FAIL: Subtest TestA.test_two (<subtest>)
Traceback (most recent call last):
AssertionError: Query count more than expected for user admin: 12 > 10 in test_two at crm/tests/test_a.py:9
"""
TWO = "crm.tests.test_a:TestA.test_two (post_install)"


def outcomes(tmp_path, text):
    path = tmp_path / "log"
    path.write_text(text, encoding="utf-8")
    result = core_log.Outcomes()
    result.read(path, "post_install")
    return result


def judge(tmp_path, without, with_addon, intended=()):
    results = {"without": outcomes(tmp_path, without), "with": outcomes(tmp_path, with_addon)}
    return core_log.judge(results, list(intended))


def test_equal_runs_do_not_differ(tmp_path):
    verdict = judge(tmp_path, LOG + FAILURE, LOG + FAILURE)
    assert not verdict.differences
    assert verdict.remarks == [("Failing on both sides", [TWO])]


def test_new_failure_is_a_difference_with_its_reason(tmp_path):
    assert judge(tmp_path, LOG, LOG + FAILURE).differences == [f"{TWO} fails: AssertionError: 1 != 2"]


def test_exceeded_budget_must_be_listed_with_its_number(tmp_path):
    assert judge(tmp_path, LOG, LOG + BUDGET).differences == [f"{TWO} fails: 2 queries over its budget"]
    entry = {"test": TWO, "queries": 2, "reason": "the number of a new deal"}
    assert not judge(tmp_path, LOG, LOG + BUDGET, [entry]).differences
    assert judge(tmp_path, LOG, LOG + BUDGET, [entry | {"queries": 1}]).differences
    assert judge(tmp_path, LOG, LOG + BUDGET + FAILURE, [entry]).differences


def test_listed_difference_that_is_none_any_more_is_told(tmp_path):
    entry = {"test": TWO, "reason": "of old"}
    assert judge(tmp_path, LOG, LOG, [entry]).differences == [f"{TWO} is listed as differing but does not"]


def test_test_that_does_not_run_is_a_difference(tmp_path):
    first_only = LOG.splitlines(keepends=True)[0]
    assert judge(tmp_path, LOG, first_only).differences == [f"{TWO} runs only without the addon"]
    skipped = "2026-01-01 10:00:02,000 1 INFO db odoo.addons.crm.tests.test_a: skipped TestA.test_two : no browser\n"
    assert judge(tmp_path, LOG, LOG + skipped).differences == [f"{TWO} is skipped: no browser"]


def test_failure_is_excused_only_by_a_run_that_passes(tmp_path):
    failing = outcomes(tmp_path, LOG + FAILURE)
    suspects = list(failing.failed)
    assert suspects[0].tag == "/crm:TestA.test_two"
    core_log.excuse_unstable(failing, outcomes(tmp_path, ""), suspects)
    core_log.excuse_unstable(failing, outcomes(tmp_path, LOG + FAILURE), suspects)
    assert failing.failed
    core_log.excuse_unstable(failing, outcomes(tmp_path, LOG), suspects)
    assert not failing.failed
    assert failing.unstable


def test_broken_off_run_is_noticed(tmp_path):
    for text, finished in ((LOG, False), (LOG + END, True)):
        path = tmp_path / "log"
        path.write_text(text, encoding="utf-8")
        assert core_log.has_finished(path) is finished
        assert core_log.count_started(path) == 2


def test_own_options_are_told_from_pytests():
    options, further = suites.parse(["--full", "-k", "deal", "--maxfail=1"])
    assert options.full
    assert further == ["-k", "deal", "--maxfail=1"]
    for wrong in (["--modules", "crm"], ["--core", "-k", "deal"]):
        with pytest.raises(SystemExit):
            suites.parse(wrong)


@pytest.mark.parametrize(("reason", "missing", "excused"), [
    ("Chrome executable not found", "chromium", True),
    ("LibreOffice is not installed", "libreoffice-calc", True),
    ("Chrome executable not found", "", False),
    ("not today", "chromium,wkhtmltopdf", False),
])
def test_skip_needs_an_excuse(monkeypatch, reason, missing, excused):
    monkeypatch.setenv("SANDBOX_MISSING_TOOLS", missing)
    report = SimpleNamespace(nodeid="a::b", longrepr=("file", 1, f"Skipped: {reason}"))
    assert bool(conftest.unexpected_skips([report])) is not excused
