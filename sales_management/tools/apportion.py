"""Splitting an amount so that the parts sum to the whole to the cent.

By largest remainders, the method of A. Hamilton (1792; M. L. Balinski and H. P. Young, *Fair Representation*, 1982):
every part gets its exact quota rounded down, and the cents that are left go to the largest remainders, the first of
equal ones. So each part is less than one unit from its exact quota, and the same question has the same answer.

A table is split so that rows and columns sum to theirs: by turning cycles of cells up and down until none is broken, as
M. Bacharach, *Matrix Rounding Problems* (Management Science 12(9), 1966) shows that it always can be.
"""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .exact import as_decimal, as_fraction

CENT = Decimal("0.01")


class Split(NamedTuple):
    """An amount in parts.

    :param list[Decimal] parts: in the order of the weights
    :param bool is_equal: whether it was split equally for want of any weight above zero
    """

    parts: list
    is_equal: bool = False


class SplitTable(NamedTuple):
    """An amount in rows and columns.

    :param list[list[Decimal]] cells: by row, then by column
    :param list[Decimal] rows: sum of each row: the amount split by the weights of rows alone
    :param list[Decimal] columns: sum of each column: the amount split by the weights of columns alone
    :param bool is_equal: whether rows or columns were split equally for want of any weight above zero
    """

    cells: list
    rows: list
    columns: list
    is_equal: bool = False


# === By weights === #


def split_by_weights(total, weights, unit=CENT):
    """Split an amount in proportion to weights.

    A negative amount is split as its opposite is. Where no weight is above zero, the parts are equal, and the answer
    says so.

    :param total: the amount, of whole units
    :param weights: numbers from 0
    :param Decimal unit: smallest amount of the currency: its rounding
    :rtype: Split
    :raise ValueError: for an amount that is not of whole units, a negative weight, or an amount and nobody to get it

    >>> [str(part) for part in split_by_weights(100, [1, 1, 1]).parts]
    ['33.34', '33.33', '33.33']
    >>> [str(part) for part in split_by_weights("-0.05", [1, 2, 0]).parts]
    ['-0.02', '-0.03', '0.00']
    >>> [str(part) for part in split_by_weights(10, [2, 1], unit=Decimal("0.05")).parts]
    ['6.65', '3.35']
    >>> split_by_weights(4, [0, 0], unit=Decimal(1))
    Split(parts=[Decimal('2'), Decimal('2')], is_equal=True)
    >>> split_by_weights(0.005, [1])
    Traceback (most recent call last):
    ValueError: 0.005 is not a whole number of units of 0.01
    """
    unit = as_decimal(unit)
    weights = [as_fraction(weight) for weight in weights]
    parts = split_units(_get_units(total, unit), weights)
    return Split([part * unit for part in parts], bool(parts) and not any(weights))


def split_equally(total, count, unit=CENT):
    """Split an amount in so many equal parts: the first ones get the cents that are left.

    :rtype: Split

    >>> [str(part) for part in split_equally(1, 3).parts]
    ['0.34', '0.33', '0.33']
    """
    return Split(split_by_weights(total, [1] * count, unit).parts)


def split_by_actuals(total, actuals, unit=CENT):
    """Split an amount in proportion to what each brought in the year before.

    Zero, and less where credit notes took back more than was sold, is a part of nothing. None stands for who was not
    there yet: it counts as the mean of those that were, what they brought below zero as zero.

    :param list actuals: amounts, or none
    :rtype: Split

    >>> [str(part) for part in split_by_actuals(90, [200, 100, None, -50, 100]).parts]
    ['36.00', '18.00', '18.00', '0.00', '18.00']
    >>> split_by_actuals(1, [-5, None]).is_equal
    True
    """
    return split_by_weights(total, weigh_actuals(actuals), unit)


def split_by_seasonality(total, shares, unit=CENT):
    """Split an amount over the months of a year, or over as many periods as there are shares.

    :param list shares: see ``get_seasonality``, or any numbers from 0
    :rtype: Split

    >>> [str(part) for part in split_by_seasonality(100, get_seasonality([[10, 30, 0, 0], [40, 0, 40, 0]])).parts]
    ['37.50', '37.50', '25.00', '0.00']
    """
    return split_by_weights(total, shares, unit)


def weigh_actuals(actuals):
    """Weights of what each brought: see ``split_by_actuals``.

    :rtype: list[Fraction]

    >>> weigh_actuals([3, None, -1, 0])
    [Fraction(3, 1), Fraction(1, 1), Fraction(0, 1), Fraction(0, 1)]
    """
    known = [None if actual is None else max(as_fraction(actual), Fraction(0)) for actual in actuals]
    there = [actual for actual in known if actual is not None]
    # Where nobody was there before, all of them count alike.
    mean = sum(there, Fraction(0)) / len(there) if there else Fraction(1)
    return [mean if actual is None else actual for actual in known]


def get_seasonality(years):
    """Shares of the periods of a year, from the years before: the mean of their shares in each year.

    So a year that sold more says no more of the season than another one. What is below zero counts as zero, and a year
    in which nothing is above zero says nothing.

    :param list[list] years: amounts by period, of years of equally many periods
    :return: shares that sum to 1, or zeros where no year says anything
    :rtype: list[Fraction]
    :raise ValueError: for years of different length

    >>> get_seasonality([[1, 3], [0, -2], [20, 20]])
    [Fraction(3, 8), Fraction(5, 8)]
    >>> get_seasonality([[1], [1, 2]])
    Traceback (most recent call last):
    ValueError: the years have 1 and 2 periods
    """
    lengths = sorted({len(year) for year in years})
    if len(lengths) > 1:
        raise ValueError(f"the years have {' and '.join(map(str, lengths))} periods")
    weighed = [[max(as_fraction(amount), Fraction(0)) for amount in year] for year in years]
    telling = [(year, sum(year)) for year in weighed if any(year)]
    return [
        sum((year[place] / whole for year, whole in telling), Fraction(0)) / max(len(telling), 1)
        for place in range(lengths[0] if lengths else 0)
    ]


# === In rows and columns === #


def split_table(total, row_weights, column_weights, unit=CENT):
    """Split an amount by rows and columns at once, as a team's target by persons and months: all sums hold.

    The sums of rows are those of splitting the amount by their weights alone, and so for columns. Each cell is less
    than one unit from its quota: sum of its row × sum of its column ÷ amount.

    :param total: the amount, of whole units
    :param row_weights: numbers from 0, by row
    :param column_weights: numbers from 0, by column
    :rtype: SplitTable
    :raise ValueError: as ``split_by_weights``

    >>> table = split_table(10, [2, 1], [1, 1, 1], unit=Decimal(1))
    >>> [[int(cell) for cell in row] for row in table.cells], list(map(int, table.rows)), list(map(int, table.columns))
    ([[3, 2, 2], [1, 1, 1]], [7, 3], [4, 3, 3])
    """
    unit = as_decimal(unit)
    rows = split_by_weights(total, row_weights, unit)
    columns = split_by_weights(total, column_weights, unit)
    cells = fill_units(
        [_get_units(part, unit) for part in rows.parts], [_get_units(part, unit) for part in columns.parts]
    )
    return SplitTable(
        [[cell * unit for cell in row] for row in cells],
        rows.parts,
        columns.parts,
        rows.is_equal or columns.is_equal,
    )


def fill_table(rows, columns, unit=CENT):
    """Fill a table whose sums stand, as where both persons and months have a target already.

    :param list rows: sums of the rows: none below zero, or none above
    :param list columns: sums of the columns, of the same sign and with the same sum
    :return: cells by row, then by column: each less than one unit from row × column ÷ sum
    :rtype: list[list[Decimal]]
    :raise ValueError: where the sums differ, or their signs do

    >>> [[str(cell) for cell in row] for row in fill_table([3, "1.01"], [2, "2.01"])]
    [['1.50', '1.50'], ['0.50', '0.51']]
    >>> fill_table([3], [2])
    Traceback (most recent call last):
    ValueError: rows and columns sum to 300 and 200 units
    """
    unit = as_decimal(unit)
    cells = fill_units([_get_units(row, unit) for row in rows], [_get_units(column, unit) for column in columns])
    return [[cell * unit for cell in row] for row in cells]


# === In whole units === #


def split_units(total, weights):
    """Split a number of units in proportion to weights, equally where none is above zero.

    :param int total: units, negative ones too
    :param list weights: numbers from 0, Fractions too
    :rtype: list[int]
    :raise ValueError: for a negative weight, or units and nobody to get them

    >>> split_units(7, [1, 1, 1]), split_units(-7, [1, 1, 1]), split_units(1, [0, 0]), split_units(0, [])
    ([3, 2, 2], [-3, -2, -2], [1, 0], [])
    """
    exact = [as_fraction(weight) for weight in weights]
    if any(weight < 0 for weight in exact):
        raise ValueError("a weight is negative")
    if not exact:
        if total:
            raise ValueError("nobody is there to get a part")
        return []
    if not any(exact):
        exact = [Fraction(1)] * len(exact)
    whole, sign = sum(exact), -1 if total < 0 else 1
    quotas = [abs(total) * weight / whole for weight in exact]
    parts = [int(quota) for quota in quotas]
    # Sorting is stable: of equal remainders the first comes first.
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - quotas[place])
    for place in by_remainder[: abs(total) - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


def fill_units(rows, columns):
    """Fill a table of whole units whose sums stand.

    :param list[int] rows: sums of the rows: none below zero, or none above
    :param list[int] columns: sums of the columns, of the same sign and with the same sum
    :rtype: list[list[int]]
    :raise ValueError: where the sums differ, or their signs do

    >>> fill_units([1, 1], [1, 1]), fill_units([-3, 0], [-1, -2]), fill_units([0], [])
    ([[1, 0], [0, 1]], [[-1, -2], [0, 0]], [[]])
    """
    total = sum(rows)
    if total != sum(columns):
        raise ValueError(f"rows and columns sum to {total} and {sum(columns)} units")
    sign = -1 if total < 0 else 1
    if any(sign * margin < 0 for margin in (*rows, *columns)):
        raise ValueError("some of the sums are negative and some are not")
    if not total:
        return [[0] * len(columns) for _row in rows]
    total = abs(total)
    # Units times the total, so that quotas are whole numbers: a cell is broken until it is a multiple of the total.
    cells = [[row * column for column in columns] for row in rows]
    _settle(cells, total)
    return [[sign * (cell // total) for cell in row] for row in cells]


def _settle(cells, whole):
    """Turn every cell to a multiple of ``whole`` beside it; sums of rows and columns are such multiples, and stay."""
    broken_columns = [{j: None for j, cell in enumerate(row) if cell % whole} for row in cells]
    broken_rows = [{i: None for i in range(len(cells)) if j in broken_columns[i]} for j in range(len(cells[0]))]
    for start in range(len(cells)):
        while broken_columns[start]:
            cycle = _find_cycle(broken_columns, broken_rows, start)
            for i, j in _turn(cells, cycle, whole):
                del broken_columns[i][j], broken_rows[j][i]


def _find_cycle(broken_columns, broken_rows, start):
    """:return: broken cells, each in the row or the column of the next one in turn

    A row with one broken cell has another one, as its sum is whole, and so has a column: the way goes on until it meets
    itself.
    """
    path, places, row, column = [], {}, start, None
    while True:
        if ("row", row) in places:
            return path[places["row", row] :]
        places["row", row] = len(path)
        column = next(j for j in broken_columns[row] if j != column)
        path.append((row, column))
        if ("column", column) in places:
            return path[places["column", column] :]
        places["column", column] = len(path)
        row = next(i for i in broken_rows[column] if i != row)
        path.append((row, column))


def _turn(cells, cycle, whole):
    """Move one half of a cycle up and the other down until a cell is whole: up goes that of the largest remainder.

    :return: cells that are whole now
    """
    remainders = [cells[i][j] % whole for i, j in cycle]
    largest = remainders.index(max(remainders))
    rising = [place for place in range(len(cycle)) if place % 2 == largest % 2]
    falling = [place for place in range(len(cycle)) if place % 2 != largest % 2]
    step = min(whole - max(remainders), *(remainders[place] for place in falling))
    for place in rising:
        i, j = cycle[place]
        cells[i][j] += step
    for place in falling:
        i, j = cycle[place]
        cells[i][j] -= step
    return [(i, j) for i, j in cycle if cells[i][j] % whole == 0]


def _get_units(total, unit):
    if unit <= 0:
        raise ValueError(f"{unit} is no unit")
    exact = as_fraction(total) / as_fraction(unit)
    if exact.denominator != 1:
        raise ValueError(f"{total} is not a whole number of units of {unit}")
    return exact.numerator
