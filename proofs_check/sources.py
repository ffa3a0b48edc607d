"""Where every theorem is from: paper, place, how it was read, and what differs from the print."""

import re
from collections.abc import Iterable
from importlib import resources

from linrep._checks import InputError
from linrep.bounds import CATALOGUE, Theorem
from linrep.tables import Table

COLUMNS = ("theorem", "paper", "place", "provenance", "differs", "unavailable")
"""Columns of the list of sources."""

_ENTRY = re.compile(r"@\w+\{(?P<key>\w+),(?P<body>.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"^\s*(?P<name>\w+)\s*=\s*\{(?P<value>.*)\},?\s*$", re.MULTILINE)


def bibliography() -> dict[str, dict[str, str]]:
    """The entries of references.bib: their fields, by key.

    Source: ours.

    >>> bibliography()["saunshi22"]["year"]
    '2022'
    """
    text = resources.files("linrep.bounds").joinpath("references.bib").read_text(encoding="utf-8")
    return {
        entry["key"]: {field["name"]: field["value"] for field in _FIELD.finditer(entry["body"])}
        for entry in _ENTRY.finditer(text)
    }


def cited(key: str) -> str:
    """A paper in a few words: its authors, its year, its title.

    Raises:
        InputError: no such entry in references.bib.

    Source: ours.

    >>> cited("haochenma23")
    'HaoChen, Ma (2023): A Theoretical Study of Inductive Biases in Contrastive Learning'
    """
    known = bibliography()
    if key not in known:
        raise InputError(f"sources: there is no entry {key!r} in references.bib; known: {', '.join(sorted(known))}.")
    entry = known[key]
    names = [name.split(",")[0].strip() for name in entry.get("author", "").split(" and ") if name.strip()]
    shown = (", ".join(names) if len(names) <= 3 else f"{names[0]} et al.") or "ours"
    return f"{shown} ({entry['year']}): {entry['title']}"


def table(theorems: Iterable[Theorem] = CATALOGUE) -> Table:
    """A row for every theorem: paper, place, level of provenance, what differs from the print, why there is no number.

    Args:
        theorems: default the whole catalogue.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> table([linrep26.RISK_GAP_MEAN]).rows[0]["provenance"]
    'ours'
    """
    rows = (
        {
            "theorem": t.key,
            "paper": cited(t.source.key),
            "place": t.source.place,
            "provenance": t.source.provenance,
            "differs": t.source.differs,
            "unavailable": t.unavailable or "",
        }
        for t in theorems
    )
    return Table(COLUMNS, tuple(rows))


def summary(theorems: Iterable[Theorem] = CATALOGUE) -> str:
    """How many theorems there are, from how many papers, and how they were read.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> summary([linrep26.RISK_GAP_MEAN])
    '1 theorem from 0 papers and ours: 0 read in the paper, 0 at second hand, 1 ours'
    """
    listed = list(theorems)
    papers = {t.source.key for t in listed} - {"linrep26"}
    levels = {level: sum(t.source.provenance == level for t in listed) for level in ("paper", "second hand", "ours")}
    return (
        f"{len(listed)} theorem{'s' * (len(listed) != 1)} from {len(papers)} papers and ours: {levels['paper']} read "
        f"in the paper, {levels['second hand']} at second hand, {levels['ours']} ours"
    )
