"""A figure beside the mean of what came before: far over it, far under it, or no news.

Nothing is divided by zero: of a mean that is not above zero there is no share, and where there was nothing before, the
figure is new. Shares and limits are reckoned exactly, so that a figure on the limit is on it.
"""

from fractions import Fraction
from typing import NamedTuple

from .exact import as_fraction, as_rounded

HUNDRED = 100
#: Decimals of percentages.
PERCENT_DIGITS = 1


class Deviation(NamedTuple):
    """How far a figure is from the mean of those before.

    :param str direction: ``over`` or ``under``
    :param float mean: the mean, in the decimals that were asked for
    :param float difference: the figure less the mean, negative where it is under it
    :param float | None share: the difference in percent of the mean, negative where it is under it; none of a mean that
        is not above zero
    :param bool is_new: there is a figure, and there was nothing before
    :param bool is_gone: there is nothing any more, and there was something
    """

    direction: str
    mean: float
    difference: float
    share: float | None
    is_new: bool
    is_gone: bool


def get_deviation(value, before, threshold, minimum=0, digits=2):
    """Compare a figure with the mean of those before.

    :param value: the figure
    :param before: those before, at least one; what brought nothing is a zero among them
    :param threshold: percent of the mean from which on it is far, above zero
    :param minimum: difference from which on it is worth a word
    :param int digits: decimals of the mean and the difference
    :return: none where the figure is as it was, near enough, or the difference is too small
    :rtype: Deviation | None
    :raise ValueError: for nothing before, or a threshold that is not above zero

    >>> get_deviation(58, [100, 110, 90], 30)
    Deviation(direction='under', mean=100.0, difference=-42.0, share=-42.0, is_new=False, is_gone=False)
    >>> get_deviation(130, [100, 100, 100], 30).share, get_deviation(129.99, [100, 100, 100], 30)
    (30.0, None)
    >>> get_deviation(130, [100, 100, 100], 30, minimum=31) is None
    True

    Nothing before, nothing any more, nothing at all, and credit notes alone:

    >>> new = get_deviation(5, [0, 0, 0], 30)
    >>> new.direction, new.share, new.is_new
    ('over', None, True)
    >>> gone = get_deviation(0, [0, 0, 9], 30)
    >>> gone.direction, gone.share, gone.is_gone
    ('under', -100.0, True)
    >>> get_deviation(0, [0, 0, 0], 30) is None
    True
    >>> get_deviation(5, [-10, 0, 0], 30)[:4]
    ('over', -3.33, 8.33, None)
    """
    if not before:
        raise ValueError("there is nothing to compare with")
    limit, least = as_fraction(threshold), as_fraction(minimum)
    if limit <= 0:
        raise ValueError(f"{threshold} percent would be met by everything")
    figure, earlier = as_fraction(value), [as_fraction(each) for each in before]
    mean = sum(earlier, Fraction(0)) / len(earlier)
    difference = figure - mean
    if not difference or abs(difference) < least or abs(difference) * HUNDRED < limit * abs(mean):
        return None
    return Deviation(
        direction="over" if difference > 0 else "under",
        mean=as_rounded(mean, digits),
        difference=as_rounded(difference, digits),
        share=as_rounded(difference * HUNDRED / mean, PERCENT_DIGITS) if mean > 0 else None,
        is_new=figure > 0 and not any(earlier),
        is_gone=not figure and mean > 0,
    )
