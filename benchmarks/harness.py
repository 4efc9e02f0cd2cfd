"""Measures one operation in two databases by turns: time, queries, and which queries core does not issue."""

import gc
import importlib
import pkgutil
import re
import statistics
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field

from odoo import api
from odoo.modules.registry import Registry

USER = "benchmark"
BENCHMARKS = []


@dataclass(frozen=True)
class Benchmark:
    title: str
    group: str  # name of the module, without bench_
    sizes: tuple
    function: callable
    limit: callable
    more_queries: int
    limit_side: str


@dataclass
class Measurement:
    """What was measured of one benchmark and size; seconds and queries by side, all repetitions."""

    title: str
    group: str
    size: int
    more_queries: int
    seconds: dict = field(default_factory=dict)
    queries: dict = field(default_factory=dict)
    extra: list = field(default_factory=list)

    def median(self, side):
        return statistics.median(self.seconds[side]) if self.seconds.get(side) else None

    @property
    def ratio(self):
        return self.median("ours") / self.median("native")

    @property
    def is_within_budget(self):
        return self.queries["ours"] <= self.queries["native"] + self.more_queries


def benchmark(title, sizes=(1,), limit=None, more_queries=0, limit_side="native"):
    """Register a benchmark.

    The decorated function gets `(env, size)`, prepares what it needs, and returns the function that is measured, or a
    pair of it and one before it, which reads again what the measured one finds read when it is a part of a whole. What
    that one leaves to flush, and tracking, belong to the measured time; everything is rolled back.

    :param limit: the same as hand-written SQL, `(cr, size)` returning the function that is measured
    :param int more_queries: how many queries the addon may issue more than core
    :param str limit_side: database in which the limit runs: `ours` where it writes columns of the addon
    """

    def register(function):
        group = function.__module__.rpartition(".")[2].removeprefix("bench_")
        BENCHMARKS.append(Benchmark(title, group, tuple(sizes), function, limit, more_queries, limit_side))
        return function

    return register


def collect(only=()):
    """Return the registered benchmarks of all modules, or those whose module or title contains one of `only`."""
    package = importlib.import_module(__package__)
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("bench_"):
            importlib.import_module(f"{__package__}.{module.name}")
    groups = {one.group for one in BENCHMARKS}

    def is_meant(one, name):
        return one.group == name if name in groups else name.lower() in one.title.lower()

    return [one for one in BENCHMARKS if not only or any(is_meant(one, name) for name in only)]


def describe_quality(group, side):
    """Return what a module says of its answers beside their speed, as lines; nothing where it says nothing."""
    module = importlib.import_module(f"{__package__}.bench_{group}")
    describe = getattr(module, "describe_quality", None)
    return side.run(describe) if describe else []


class Side:
    """One of the two databases, in its own registry of this process."""

    def __init__(self, name, database):
        self.name = name
        self.registry = Registry(database)
        with closing(self.registry.cursor()) as cr:
            cr.execute("SELECT id, company_id FROM res_users WHERE login = %s", [USER])
            self.uid, company_id = cr.fetchone()
        self.context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": [company_id]}

    def run(self, function):
        """Return what a function of an environment returns; nothing that it writes is kept."""
        with closing(self.registry.cursor()) as cr:
            try:
                return function(api.Environment(cr, self.uid, self.context))
            finally:
                cr.rollback()
                self.registry.reset_changes()

    def measure(self, one, size):
        """Return the seconds that one run took, and its queries."""
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, self.uid, self.context)
            run = one.function(env, size)
            warm, run = run if isinstance(run, tuple) else (None, run)
            cr.flush()
            env.invalidate_all()
            if warm:
                warm()

            def run_and_flush():
                run()
                cr.flush()

            try:
                return _timed(cr, run_and_flush)
            finally:
                # As the server does after a rollback: what was cached meanwhile was never saved.
                self.registry.reset_changes()

    def measure_limit(self, one, size):
        with closing(self.registry.cursor()) as cr:
            return _timed(cr, one.limit(cr, size))


def _timed(cr, run):
    queries = []
    thread = threading.current_thread()
    thread.query_hooks = [lambda _cr, query, *_rest: queries.append(query)]
    gc.collect()
    gc.disable()
    started = time.perf_counter()
    try:
        run()
    finally:
        seconds = time.perf_counter() - started
        gc.enable()
        thread.query_hooks = []
        # Never a commit: the next repetition finds the same database.
        cr.rollback()
    return seconds, queries


def measure(one, size, native, ours, repeat):
    """Measure a benchmark `repeat` times on both sides by turns; a first round warms the caches and is not counted."""
    result = Measurement(one.title, one.group, size, one.more_queries)
    recorded = {}
    for turn in range(repeat + 1):
        # The side that goes first meets the colder caches of the machine: both do, in turn.
        for side in (native, ours) if turn % 2 else (ours, native):
            seconds, queries = side.measure(one, size)
            # A cache that happened to be empty adds queries on either side: the fewest are those of the operation.
            recorded[side.name] = min(recorded.get(side.name, queries), queries, key=len)
            if turn:
                result.seconds.setdefault(side.name, []).append(seconds)
        if one.limit:
            seconds, _queries = (ours if one.limit_side == "ours" else native).measure_limit(one, size)
            if turn:
                result.seconds.setdefault("limit", []).append(seconds)
    result.queries = {name: len(queries) for name, queries in recorded.items()}
    result.extra = get_extra_queries(recorded["native"], recorded["ours"])
    return result


def get_extra_queries(native, ours):
    """Return the queries of `ours` that have no counterpart in `native`: the same verb on the same table.

    >>> get_extra_queries(['SELECT "a"."x" FROM "a"'], ['SELECT "a"."x", "a"."y" FROM "a"', 'SELECT 1 FROM b'])
    ['SELECT 1 FROM b']
    """
    remaining = Counter(get_kind(query) for query in native)
    extra = []
    for query in ours:
        kind = get_kind(query)
        if remaining[kind]:
            remaining[kind] -= 1
        else:
            extra.append(query)
    return _summarize(extra)


def _summarize(queries):
    counts = Counter(" ".join(query.split()) for query in queries)
    return [query if count == 1 else f"{count} × {query}" for query, count in counts.items()]


def get_kind(query):
    """Return the verb and the table of a query.

    >>> get_kind('SELECT "a"."x" FROM "crm_lead" AS "a"'), get_kind('UPDATE "crm_lead" SET x = 1')
    ('SELECT crm_lead', 'UPDATE crm_lead')
    """
    verb = query.split(None, 1)[0].upper()
    if verb in ("SAVEPOINT", "RELEASE", "ROLLBACK"):
        return verb
    table = re.search(r'(?:FROM|INTO|UPDATE)\s+"?(\w+)"?', query, re.IGNORECASE)
    return f"{verb} {table[1] if table else ' '.join(query.split())[:60]}"
