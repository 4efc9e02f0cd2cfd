"""Recency, frequency and monetary value of customers: scores from 1 to 5, and the segment that a triple of them means.

The scores are those of A. M. Hughes, *Strategic Database Marketing* (1994): customers in five parts by each figure. The
segments are the eleven names in general use, as in *RFM Analysis for Successful Customer Segmentation* of Putler
(https://www.putler.com/rfm-analysis/), where their ranges overlap: here every triple has exactly one.
"""

from bisect import bisect_right
from collections import Counter
from typing import Any, NamedTuple

from .exact import as_decimal

MIN_SCORE, MIDDLE_SCORE, MAX_SCORE = 1, 3, 5
#: Who never bought has no scores, and no segment.
NO_SCORE = 0

CHAMPIONS = "champions"
LOYAL = "loyal"
POTENTIAL_LOYAL = "potential_loyal"
NEW = "new"
PROMISING = "promising"
NEEDS_ATTENTION = "needs_attention"
ABOUT_TO_SLEEP = "about_to_sleep"
AT_RISK = "at_risk"
CANNOT_LOSE = "cannot_lose"
HIBERNATING = "hibernating"
LOST = "lost"

#: Segment by recency score, and by value from 1 to 5: the mean of frequency and monetary score, halves up.
SEGMENTS = {
    5: (NEW, POTENTIAL_LOYAL, POTENTIAL_LOYAL, CHAMPIONS, CHAMPIONS),
    4: (PROMISING, POTENTIAL_LOYAL, POTENTIAL_LOYAL, LOYAL, LOYAL),
    3: (ABOUT_TO_SLEEP, ABOUT_TO_SLEEP, NEEDS_ATTENTION, LOYAL, LOYAL),
    2: (HIBERNATING, HIBERNATING, AT_RISK, AT_RISK, CANNOT_LOSE),
    1: (LOST, HIBERNATING, AT_RISK, AT_RISK, CANNOT_LOSE),
}
#: Segment of those of the lowest frequency who bought lately: one order, however large, makes nobody loyal.
SEGMENTS_OF_RARE = {5: NEW, 4: PROMISING}


class RfmFigures(NamedTuple):
    """What a customer bought in the period that is looked at.

    :param int | None recency_days: days since it last bought, none for one that did not buy in the period
    :param int frequency: how many times it bought
    :param monetary: for how much, without tax and less credit notes, in one currency for all customers
    """

    recency_days: Any
    frequency: int = 0
    monetary: Any = 0


class RfmScores(NamedTuple):
    """Scores from 1, the worst fifth, to 5, the best; 0 for one that did not buy."""

    recency: int
    frequency: int
    monetary: int


class RfmThresholds(NamedTuple):
    """Fixed limits, from that of score 5 to that of score 2.

    :param recency_days: at most so many days for 5, 4, 3, 2: rising
    :param frequency: at least so many purchases for 5, 4, 3, 2: falling
    :param monetary: at least so much for 5, 4, 3, 2: falling

    >>> RfmThresholds((30, 90, 180, 365), (12, 6, 3, 2), (100000, 50000, 10000, 1000)).frequency
    (12, 6, 3, 2)
    """

    recency_days: tuple
    frequency: tuple
    monetary: tuple


def score_customers(figures, thresholds=None):
    """Scores of all customers, by quintiles among those that bought, or by fixed limits.

    Those that did not buy score nothing and do not count among the others: dead addresses lift nobody. What somebody
    bought and gave back altogether scores 1 for its monetary value, and does not count there either.

    :param dict[Any, RfmFigures] figures: figures by customer
    :param RfmThresholds | None thresholds: fixed limits, none for quintiles
    :return: scores by customer, of every one of them
    :rtype: dict[Any, RfmScores]
    :raise ValueError: for limits that are not four, or not in order

    >>> bought = {"a": RfmFigures(3, 9, 900), "b": RfmFigures(40, 2, 50), "c": RfmFigures(400, 1, -5)}
    >>> for name, scores in score_customers({**bought, "d": RfmFigures(None)}).items():
    ...     print(name, *scores, get_segment(*scores))
    a 5 5 5 champions
    b 3 3 1 about_to_sleep
    c 1 1 1 lost
    d 0 0 0 None
    >>> limits = RfmThresholds((30, 90, 180, 365), (12, 6, 3, 2), (100000, 50000, 10000, 1000))
    >>> tuple(score_customers({"a": RfmFigures(30, 6, 999.99)}, limits)["a"])
    (5, 4, 1)
    """
    buyers = {key: figure for key, figure in figures.items() if figure.recency_days is not None}
    # The fewer days ago, the better.
    days = {key: -figure.recency_days for key, figure in buyers.items()}
    counts = {key: figure.frequency for key, figure in buyers.items()}
    amounts = {key: as_decimal(figure.monetary) for key, figure in buyers.items()}
    if thresholds is None:
        recency = score_by_quintiles(days)
        frequency = score_by_quintiles(counts, above=0)
        monetary = score_by_quintiles(amounts, above=0)
    else:
        recency = score_by_thresholds(days, [-limit for limit in thresholds.recency_days])
        frequency = score_by_thresholds(counts, thresholds.frequency)
        monetary = score_by_thresholds(amounts, [as_decimal(limit) for limit in thresholds.monetary])
    nothing = RfmScores(NO_SCORE, NO_SCORE, NO_SCORE)
    return {
        key: RfmScores(recency[key], frequency[key], monetary[key]) if key in buyers else nothing for key in figures
    }


def score_by_quintiles(values, above=None):
    """Scores from 1 to 5 by the share of worse ones among those that differ: equal values always score the same.

    With ``worse`` and ``better`` the number of lower and higher values, the score is
    ``1 + 5 * worse // (worse + better)``, at most 5. All different and a multiple of five, these are the quintiles;
    with few different values the lowest still scores 1 and the highest 5; all equal, nobody is better than anybody: 3.

    :param dict values: figures by key, the higher the better
    :param above: values not above it score 1 and do not count among the others, none for all count
    :rtype: dict[Any, int]

    >>> score_by_quintiles({name: position for position, name in enumerate("abcdefghij")})
    {'a': 1, 'b': 1, 'c': 2, 'd': 2, 'e': 3, 'f': 3, 'g': 4, 'h': 4, 'i': 5, 'j': 5}
    >>> list(score_by_quintiles(dict(enumerate([1, 1, 1, 1, 1, 1, 2, 2, 7, 9]))).values())
    [1, 1, 1, 1, 1, 1, 4, 4, 5, 5]
    >>> list(score_by_quintiles(dict(enumerate([4, 4, 4]))).values()), score_by_quintiles({})
    ([3, 3, 3], {})
    >>> list(score_by_quintiles(dict(enumerate([-3, 0, 4, 8])), above=0).values())
    [1, 1, 1, 5]
    """
    counts = Counter(value for value in values.values() if above is None or value > above)
    total, worse, scores = sum(counts.values()), 0, {}
    for value in sorted(counts):
        different = total - counts[value]
        scores[value] = min(1 + 5 * worse // different, MAX_SCORE) if different else MIDDLE_SCORE
        worse += counts[value]
    return {key: scores.get(value, MIN_SCORE) for key, value in values.items()}


def score_by_thresholds(values, limits):
    """Scores from 1 to 5 by fixed limits.

    :param dict values: figures by key, the higher the better
    :param limits: the least value for 5, 4, 3 and 2
    :rtype: dict[Any, int]
    :raise ValueError: for limits that are not four, or not in order

    >>> score_by_thresholds({"a": 12, "b": 11, "c": 0}, (12, 6, 3, 2))
    {'a': 5, 'b': 4, 'c': 1}
    >>> score_by_thresholds({}, (1, 2, 3, 4))
    Traceback (most recent call last):
    ValueError: (1, 2, 3, 4) are not four limits, that of the best score first
    """
    rising = sorted(set(limits))
    if len(rising) != MAX_SCORE - MIN_SCORE or rising[::-1] != list(limits):
        raise ValueError(f"{limits} are not four limits, that of the best score first")
    return {key: MIN_SCORE + bisect_right(rising, value) for key, value in values.items()}


def get_segment(recency, frequency, monetary):
    """The one segment of a triple of scores: see the tables.

    :param int recency: score from 1 to 5
    :param int frequency: score from 1 to 5
    :param int monetary: score from 1 to 5
    :return: the segment, none for one that did not buy
    :rtype: str | None
    :raise ValueError: for what is no score

    >>> get_segment(5, 5, 5), get_segment(5, 1, 5), get_segment(1, 5, 5), get_segment(1, 1, 1), get_segment(3, 3, 2)
    ('champions', 'new', 'cannot_lose', 'lost', 'needs_attention')
    >>> get_segment(0, 0, 0)
    >>> get_segment(5, 6, 1)
    Traceback (most recent call last):
    ValueError: (5, 6, 1) are not three scores from 1 to 5
    """
    scores = (recency, frequency, monetary)
    if scores == (NO_SCORE, NO_SCORE, NO_SCORE):
        return None
    if any(score not in range(MIN_SCORE, MAX_SCORE + 1) for score in scores):
        raise ValueError(f"{scores} are not three scores from 1 to 5")
    if frequency == MIN_SCORE and recency in SEGMENTS_OF_RARE:
        return SEGMENTS_OF_RARE[recency]
    return SEGMENTS[recency][(frequency + monetary + 1) // 2 - 1]
