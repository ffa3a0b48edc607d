"""Unknown names: which known ones were meant."""

import difflib
from collections.abc import Iterable

from linrep._checks import InputError

SHOWN = 12
"""How many known names a refusal lists: every type or family of problems, but not the whole catalogue."""


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names most like an unknown one (what follows a dot may stand for the whole); all if none is alike.

    Source: ours.

    >>> nearest("risk_gap_men", ["linrep26.risk_gap_mean", "saunshi22.lower_bound"])
    ['linrep26.risk_gap_mean']
    """
    whole = list(known)
    short = {k.lower().rpartition(".")[2]: k for k in whole}
    table = {**short, **{k.lower(): k for k in whole}}
    found = difflib.get_close_matches(name.lower(), table, n=2 * count, cutoff=0.6)
    return list(dict.fromkeys(table[f] for f in found))[:count] or whole


def chosen(name: object, known: Iterable[str], *, owner: str, what: str) -> str:
    """The name itself if it is known, else a refusal that lists the near ones.

    Raises:
        InputError: an unknown name, or something that is no name.

    Source: ours.

    >>> chosen("Linear", ["Linear", "Affine"], owner="problem file", what="features")
    'Linear'
    """
    listed = list(known)
    if isinstance(name, str) and name in listed:
        return name
    near = nearest(str(name), listed)
    more = f", or one of {len(near) - SHOWN} more" if len(near) > SHOWN else ""
    raise InputError(f"{owner}: there is no {what} {name!r}; did you mean {' or '.join(near[:SHOWN])}{more}?")
