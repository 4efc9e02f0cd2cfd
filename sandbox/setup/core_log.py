"""Reading the logs of Odoo's test runner, and judging two runs against each other."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import NamedTuple

_LINE = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<message>.*)")
_STARTED = re.compile(r": Starting \S+ \.\.\.")
_STARTING = re.compile(r"^Starting (\S+) \.\.\.")
_SKIPPED = re.compile(r"^skipped (\S+) : (.*)")
_FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(\S+)(.*)")
_BUDGET = re.compile(r"Query count more than expected for user \S+: (\d+) > (\d+) in ")
_MODULE = re.compile(r"odoo\.addons\.(\w+)\.tests\.")
# What Odoo, and our runner of the at_install classes, print when all suites are through.
_END = re.compile(r" \d+ (post-tests|at_install tests) in ")


class Test(NamedTuple):
    """One test of core, or the set-up of a class."""

    kind: str
    module: str
    name: str

    @property
    def is_method(self):
        return bool(re.fullmatch(r"\w+\.\w+", self.name))

    @property
    def tag(self):
        """The `--test-tags` expression that selects it alone."""
        addon = _MODULE.match(f"{self.module}.")
        class_name, _dot, method = self.name.partition(".")
        return f"/{addon[1] if addon else ''}:{class_name}.{method}"

    def __str__(self):
        return f"{self.module.removeprefix('odoo.addons.')}:{self.name} ({self.kind})"


@dataclass
class Outcomes:
    """What one side's tests came to."""

    started: set = field(default_factory=set)
    skipped: dict = field(default_factory=dict)
    #: the messages of each failing test, tracebacks included
    failed: dict = field(default_factory=dict)
    unstable: set = field(default_factory=set)

    def read(self, path, kind):
        """Add what a log tells."""
        current = None
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                found = _LINE.match(line)
                if not found:
                    # A traceback goes on below the line that begins it.
                    if current:
                        self.failed[current][-1] += line
                    continue
                current = self._take(kind, found["level"], found["logger"], found["message"])

    def _take(self, kind, level, logger, message):
        if starting := _STARTING.match(message):
            self.started.add(Test(kind, logger, starting[1]))
        elif skipped := _SKIPPED.match(message):
            self.skipped[Test(kind, logger, skipped[1])] = skipped[2]
        elif level == "ERROR" and (failed := _FAILED.match(message)):
            test = Test(kind, logger, failed[1])
            self.failed.setdefault(test, []).append(f"{message}\n")
            return test
        return None

    def summary(self):
        kinds = Counter(test.kind for test in self.started)
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items(), reverse=True))
        return f"{counts}; {len(self.failed)} failed, {len(self.skipped)} skipped"


@dataclass
class Verdict:
    differences: list
    remarks: list


def count_started(path):
    return sum(bool(_STARTED.search(line)) for line in _lines(path))


def has_finished(path):
    return any(_END.search(line) for line in _lines(path))


def tail(path, count=15):
    return [line.rstrip() for line in deque(_lines(path), count)]


def _lines(path):
    with open(path, encoding="utf-8", errors="replace") as lines:
        yield from lines


def newly_failing(results):
    return sorted(results["with"].failed.keys() - results["without"].failed.keys())


def excuse_unstable(outcomes, again, suspects):
    """Take out the failures that did not happen again when the test ran alone; what did not run is not excused."""
    for test in suspects:
        if test in again.started and test not in again.failed:
            del outcomes.failed[test]
            outcomes.unstable.add(test)


def excess_queries(messages):
    """Return by how many queries a test's budgets are exceeded at most; None if it fails for another reason too.

    >>> excess_queries(["FAIL: Subtest A.b\\nAssertionError: Query count more than expected for user x: 12 > 10 in b"])
    2
    >>> excess_queries(["FAIL: A.b\\nAssertionError: 1 != 2"]) is None
    True
    """
    found = [_BUDGET.search(message) for message in messages]
    if not found or not all(found):
        return None
    return max(int(match[1]) - int(match[2]) for match in found)


def judge(results, intended):
    """Compare the two sides.

    :param list intended: dicts with `test` (as printed), `reason` and, for a query budget, `queries`: by how many it
        may be exceeded
    """
    without, with_addon = results["without"], results["with"]
    listed = {entry["test"]: entry for entry in intended}
    differences, expected = [], []
    for test in newly_failing(results):
        excess = excess_queries(with_addon.failed[test])
        entry = listed.pop(str(test), None)
        if entry and entry.get("queries") == excess:
            expected.append(f"{test}: {entry['reason']}{f' ({excess} queries more)' if excess else ''}")
            continue
        what = f"{excess} queries over its budget" if excess else with_addon.failed[test][0].strip().splitlines()[-1]
        differences.append(f"{test} fails: {what}")
    differences += [f"{test} runs only without the addon" for test in sorted(without.started - with_addon.started)]
    differences += [f"{test} runs only with the addon" for test in sorted(with_addon.started - without.started)]
    for test in sorted(with_addon.skipped.keys() - without.skipped.keys()):
        differences.append(f"{test} is skipped: {with_addon.skipped[test]}")
    both, only_without = (
        with_addon.failed.keys() & without.failed.keys(), without.failed.keys() - with_addon.failed.keys(),
    )
    run_tests = {str(test) for test in with_addon.started}
    differences += [f"{name} is listed as differing but does not" for name in listed if name in run_tests]
    remarks = [
        ("Intended differences", expected),
        ("Failing on both sides", sorted(map(str, both))),
        ("Failing only without the addon", sorted(map(str, only_without))),
        ("Failed once, passed when run alone", sorted(map(str, with_addon.unstable))),
    ]
    return Verdict(differences, [(title, lines) for title, lines in remarks if lines])
