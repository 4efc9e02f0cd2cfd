"""The effective discount: what the customer pays less than the price list says, however it came about."""

from typing import NamedTuple


class OfferedLine(NamedTuple):
    """A line of an offer: what is paid for it and what the price list asks, both without tax, in one currency."""

    net: float
    listed: float

    @property
    def reference(self):
        """What the line would cost without a discount.

        A line that takes something off, such as a rebate, a rounding or a return, has no price of its own: it makes the
        others cheaper. What the price list does not know costs what it costs.

        >>> OfferedLine(90, 100).reference, OfferedLine(-90, 0).reference, OfferedLine(-90, -90).reference
        (100, 0, 0)
        >>> OfferedLine(50, 0).reference
        50
        """
        if self.net < 0:
            return 0
        return self.listed if self.listed > 0 else self.net


def get_line_discount(line):
    """What is paid less for a line than the price list asks, in percent of the latter; less than zero when it is more.

    >>> get_line_discount(OfferedLine(88, 100))
    12.0
    >>> [get_line_discount(OfferedLine(*line)) for line in ((0, 100), (-5, 0), (5, 0))]
    [100.0, 0.0, 0.0]
    >>> get_line_discount(OfferedLine(110, 100))
    -10.0
    """
    if line.net < 0:
        return 0.0
    return _get_percentage(line.net, line.reference)


def get_discount(lines):
    """What is paid less for an offer than the price list asks, in percent of the latter.

    >>> get_discount([OfferedLine(88, 100)]), get_discount([OfferedLine(100, 100), OfferedLine(-12, 0)])
    (12.0, 12.0)
    >>> get_discount([OfferedLine(88, 88), OfferedLine(0, 12)])
    12.0
    >>> get_discount([]), get_discount([OfferedLine(-5, 0)])
    (0.0, 100.0)
    """
    lines = list(lines)
    return _get_percentage(sum(line.net for line in lines), sum(line.reference for line in lines))


def get_highest_line_discount(lines):
    """The highest discount of a line that has a price.

    >>> get_highest_line_discount([OfferedLine(90, 100), OfferedLine(70, 100), OfferedLine(-50, 0)])
    30.0
    >>> get_highest_line_discount([])
    0.0
    """
    return max((get_line_discount(line) for line in lines if line.net >= 0), default=0.0)


def get_spread(lines):
    """The share of its own price that a line keeps when all that is taken off is spread over the lines.

    >>> get_spread([OfferedLine(100, 100), OfferedLine(-12, 0)])
    0.88
    >>> get_spread([]), get_spread([OfferedLine(100, 120)])
    (1.0, 1.0)
    """
    lines = list(lines)
    sold = sum(line.net for line in lines if line.net >= 0)
    taken_off = sum(line.net for line in lines if line.net < 0)
    return (sold + taken_off) / sold if sold else 1.0


def get_margin(net, cost):
    """What remains of the net price after the cost, in percent of it, and never less than what remains of something
    given away: -100. A lower price has no higher margin, down to nothing.

    >>> get_margin(100, 80), get_margin(50, 100), get_margin(1, 100), get_margin(0, 10), get_margin(0, 0)
    (20.0, -100.0, -100.0, -100.0, 0.0)
    """
    if net:
        return max(round((net - cost) / abs(net) * 100 + 0.0, 2), -100.0)
    return -100.0 if cost > 0 else 0.0


def _get_percentage(net, reference):
    # Two decimals are what prices and discounts are typed with: less is an effect of rounding.
    if reference > 0:
        return round((reference - net) / reference * 100 + 0.0, 2)
    return 100.0 if net < 0 else 0.0
