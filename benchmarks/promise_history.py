"""Does a long history slow promises down? The same quotation with 200,000 and with 1,000,000 done moves, by turns.

Both are throw-away copies of a database that has the addon: its done moves are copied by SQL until there are so many.
"""

import statistics
from contextlib import closing

from odoo import sql_db
from odoo.modules.registry import Registry

from . import bench_promise, harness

SIZES = (200_000, 1_000_000)
LINES = 200
REPEAT = 15
#: What the time may grow by.
LIMIT = 1.10


def measure_history(database):
    """:return: median seconds by number of done moves"""
    copies = {size: f"{database}_moves_{size}" for size in SIZES}
    try:
        for size, copy in copies.items():
            _run_alone(f'DROP DATABASE IF EXISTS "{copy}"')
            _run_alone(f'CREATE DATABASE "{copy}" TEMPLATE "{database}"')
            _grow(copy, size)
        sides = {size: harness.Side(f"{size:,}", copy) for size, copy in copies.items()}
        return _measure_by_turns(sides)
    finally:
        for copy in copies.values():
            Registry.delete(copy)
            sql_db.close_db(copy)
            _run_alone(f'DROP DATABASE IF EXISTS "{copy}"')


def _measure_by_turns(sides):
    [one] = [one for one in harness.BENCHMARKS if one.function is bench_promise.promise_quotation]
    seconds = {size: [] for size in sides}
    for turn in range(REPEAT + 1):
        for size in list(sides)[:: 1 if turn % 2 else -1]:
            spent, _queries = sides[size].measure(one, LINES)
            if turn:
                seconds[size].append(spent)
    return {size: statistics.median(own) for size, own in seconds.items()}


def _grow(database, size):
    with closing(sql_db.db_connect(database).cursor()) as cr:
        cr.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
            " WHERE table_name = 'stock_move' AND column_name != 'id' AND is_generated = 'NEVER'"
        )
        [columns] = cr.fetchone()
        cr.execute("SELECT count(*) FROM stock_move WHERE state = 'done'")
        [count] = cr.fetchone()
        while count < size:
            cr.execute(
                f"INSERT INTO stock_move ({columns}) SELECT {columns} FROM stock_move WHERE state = 'done' LIMIT %s",
                [size - count],
            )
            count += cr.rowcount
        cr.commit()
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE stock_move")
        cr._cnx.autocommit = False


def _run_alone(statement):
    with closing(sql_db.db_connect("postgres").cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(statement)
