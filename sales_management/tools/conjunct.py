"""What a domain demands in any case: the conditions that all of it stands under."""


def get_conjuncts(domain):
    """Conditions of a domain that every match fulfils.

    >>> get_conjuncts(["&", ("a", "=", 1), "|", ("b", "=", 2), ("c", "=", 3)])
    [('a', '=', 1)]
    >>> get_conjuncts(["!", "&", ("a", "=", 1), ("b", "=", 2)])
    []
    >>> get_conjuncts([("a", "=", 1), ("b", "=", 2)])
    [('a', '=', 1), ('b', '=', 2)]
    >>> get_conjuncts([])
    []

    :param list domain: in prefix notation; terms that stand beside each other are joined by and
    :rtype: list[tuple]
    """
    terms = iter(domain)
    found = []
    while (term := next(terms, None)) is not None:
        found += _parse(term, terms)
    return found


def _parse(term, terms):
    if term == "&":
        return _parse(next(terms), terms) + _parse(next(terms), terms)
    if term == "|":
        _parse(next(terms), terms)
        _parse(next(terms), terms)
        return []
    if term == "!":
        _parse(next(terms), terms)
        return []
    return [tuple(term)]
