"""How theorems are called beside their curves."""

from linrep.bounds import CATALOGUE

_PLACES = {t.key: (t.source.key, t.source.place) for t in CATALOGUE}


def called(curve: str) -> str:
    """A curve by its theorem's number; what is no theorem keeps its name.

    Source: ours.

    >>> called("linrep26.suboptimal_augmented"), called("saunshi22.hypercube"), called("actual, one view")
    ('T4 (ours)', 'saunshi22, Corollary 4.2', 'actual, one view')
    """
    if curve not in _PLACES:
        return curve
    key, place = _PLACES[curve]
    return f"{place.removeprefix('theory, ')} (ours)" if key == "linrep26" else f"{key}, {place}"
