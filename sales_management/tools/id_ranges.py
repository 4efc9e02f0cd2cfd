"""Many numbers in few words."""


def describe_ids(ids, most=60):
    """Numbers in order, with those that follow each other as a range; what is too much to name is counted.

    >>> describe_ids([7, 3, 4, 5, 9, 4])
    '3–5, 7, 9'
    >>> describe_ids([])
    ''
    >>> describe_ids(range(1, 50001))
    '1–50000'
    >>> describe_ids(range(0, 100, 2), most=4)
    '0, 2, 4, 6 … (+46)'

    :param Iterable[int] ids: numbers, in any order and as often as one likes
    :param int most: ranges that are named
    :rtype: str
    """
    ranges = []
    for number in sorted(set(ids)):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    text = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges[:most])
    left = sum(last - first + 1 for first, last in ranges[most:])
    return f"{text} … (+{left})" if left else text
