"""The main job: every theorem on every embedded problem, a table, a digest, pictures."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from linrep._checks import InputError
from linrep.bounds import Theorem
from linrep.evaluate import COLUMNS, Status, comparison
from linrep.tables import Table, Value
from proofs_check import plots, store, studies
from proofs_check.certificates import CERTIFIED, save_certificate
from proofs_check.check import named_evidence
from proofs_check.embedded import Embedded
from proofs_check.rows import PROVED, in_rationals, verdict_row
from proofs_check.verdict import Evidence

ROW = ("problem", "family", "statement", "kind", *COLUMNS)
"""Columns of the table of the main job."""
DIGEST = ("theorem", "applies", *(s.value for s in Status), "vacuous", "tightest", "tightest_on")
"""Columns of the digest."""
PICTURES: dict[str, tuple[Callable[[], Table], Callable[[Table], Figure]]] = {
    "example1": (studies.example_one, plots.bound_versus_actual),
    "capacity": (studies.capacity, plots.phase_diagram),
    "families": (studies.families, plots.families),
    "negatives": (studies.negatives, plots.negatives),
    "chain": (studies.chain, plots.chain),
}
"""Name of each picture, the study that makes its table, and what draws it."""
Tick = Callable[[str], None]
"""Told of each piece of work as it begins."""


@dataclass(frozen=True)
class Outcome:
    """What the main job found and wrote.

    Attributes:
        table: a row for each theorem on each problem, with its record.
        digest: a row for each theorem.
        written: the files, in order.

    Source: ours.

    >>> Outcome(Table((), ()), Table((), ()), ()).written
    ()
    """

    table: Table
    digest: Table
    written: tuple[Path, ...]

    @property
    def left_out(self) -> Mapping[str, str]:
        """The problems that this evidence cannot speak of, and why."""
        return self.table.record.get("left_out", {})

    @property
    def fails(self) -> tuple[Mapping[str, Value], ...]:
        """The rows that contradict a theorem."""
        return tuple(row for row in self.table.rows if row["status"] == Status.FAILS.value)


def rows(
    problem: Embedded, theorems: Iterable[Theorem], evidence: str | Evidence = Evidence.FLOAT
) -> list[dict[str, Value]]:
    """A row for every theorem on one embedded problem.

    Args:
        problem: an embedded problem.
        theorems: of the catalogue, or variants of them.
        evidence: "float", "enclosed" or "exact".

    Raises:
        InputError: a problem that is not exact where the evidence is to prove something.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> from proofs_check.embedded import embedded
    >>> rows(embedded(0)[0], [linrep26.RISK_GAP_MEAN])[0]["status"]
    'HOLDS'
    """
    asked, built = named_evidence(evidence, owner="verify"), problem.build()
    head = {"problem": problem.name, "family": problem.family, "statement": problem.statement}
    if asked is Evidence.FLOAT:
        return [{**head, "kind": t.kind.value, **comparison(t, built)} for t in theorems]
    exact = in_rationals(built)
    return [{**head, "kind": t.kind.value, **verdict_row(t, exact, asked)} for t in theorems]


def judged(
    problems: Iterable[Embedded],
    theorems: Iterable[Theorem],
    tick: Tick = lambda _: None,
    *,
    evidence: str | Evidence = Evidence.FLOAT,
) -> Table:
    """The table of the main job; its record names the problems that were left out because they are not exact.

    Args:
        problems: embedded problems.
        theorems: of the catalogue, or variants of them.
        tick: told the name of each problem as it begins.
        evidence: "float", "enclosed" or "exact".

    Source: ours.

    >>> from linrep.bounds import CATALOGUE
    >>> from proofs_check.embedded import embedded
    >>> len(judged(embedded(0)[:2], CATALOGUE).rows) == 2 * len(CATALOGUE)
    True
    """
    asked = named_evidence(evidence, owner="verify")
    listed, found, left = tuple(theorems), [], {}
    for problem in problems:
        tick(problem.name)
        try:
            found += rows(problem, listed, asked)
        except InputError as refusal:
            if asked is Evidence.FLOAT:
                raise
            left[problem.name] = str(refusal)
    columns = ROW if asked is Evidence.FLOAT else (*ROW, *PROVED)
    return Table(columns, tuple(found), {} if asked is Evidence.FLOAT else {"left_out": left})


def digest(table: Table) -> Table:
    """A row for each theorem: on how many problems it applies, what was found, and where it is tightest.

    `tightest` is the largest ratio of the smaller to the larger side of the inequality over the rows that hold; 1 is an
    equality (within rounding).

    Args:
        table: of `judged`, or the same reloaded.

    Source: ours.

    >>> digest(Table(ROW, ())).rows
    ()
    """
    names = dict.fromkeys(str(name) for name in table.column("theorem"))
    return Table(DIGEST, tuple(_digest_row(name, table.where(theorem=name)) for name in names))


def counts(table: Table) -> dict[str, int]:
    """How many rows have each status.

    Source: ours.

    >>> counts(Table(("status",), ({"status": "HOLDS"},)))["HOLDS"]
    1
    """
    statuses = table.column("status")
    return {status.value: statuses.count(status.value) for status in Status}


def run(
    problems: Iterable[Embedded],
    theorems: Iterable[Theorem],
    place: Path,
    *,
    seed: int,
    evidence: str | Evidence = Evidence.FLOAT,
    pictures: Iterable[str] = tuple(PICTURES),
    tick: Tick = lambda _: None,
) -> Outcome:
    """The main job: judge, save the table with its record, and the proofs step by step, and draw each picture from its
    own saved table.

    Args:
        problems, theorems: what is asked of what.
        place: an existing folder.
        seed: recorded; it drew the random problems.
        evidence: "float", "enclosed" or "exact".
        pictures: names out of `PICTURES`.
        tick: told of each piece of work as it begins.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     [p.name for p in run([], [], Path(home), seed=0, pictures=[]).written]
    ['verify.csv', 'verify.jsonl', 'chains.csv', 'chains.jsonl']
    """
    begin = time.perf_counter()
    asked, listed = named_evidence(evidence, owner="verify"), tuple(theorems)
    table = judged(problems, listed, tick, evidence=asked)
    counted = {"problems": len(set(table.column("problem"))), "theorems": len(set(table.column("theorem")))}
    how = _record(counted, seed, begin, asked)
    table = store.save(table, place, "verify", how)
    proofs = studies.chains(listed)
    store.save(proofs, place, "chains", _record({"theorems": len(listed)}, seed, begin))
    written = [place / f"{name}.{kind}" for name in ("verify", "chains") for kind in ("csv", "jsonl")]
    written += certificates(listed, place)
    for name in pictures:
        tick(f"picture {name}")
        written += draw(name, place, seed)
    return Outcome(table, digest(table), tuple(written))


def certificates(theorems: Iterable[Theorem], place: Path) -> list[Path]:
    """Write the certificate of each theorem that the stand-alone checker knows, into a folder of their own.

    Source: ours.

    >>> import tempfile
    >>> from linrep.bounds import saunshi22
    >>> with tempfile.TemporaryDirectory() as home:
    ...     [p.name for p in certificates([saunshi22.LOWER_BOUND], Path(home))]
    ['saunshi22.lower_bound.json']
    """
    some = [t for t in theorems if t in CERTIFIED]
    folder = store.folder(place / "certificates") if some else place
    for theorem in some:
        save_certificate(CERTIFIED[theorem](), folder / f"{theorem.key}.json")
    return [folder / f"{theorem.key}.json" for theorem in some]


def draw(name: str, place: Path, seed: int) -> list[Path]:
    """Run one study, save its table, reload it and draw the picture from what was saved; returns the files.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     [p.suffix for p in draw("families", Path(home), 0)]
    ['.csv', '.jsonl', '.png', '.svg']
    """
    begin = time.perf_counter()
    study, picture = PICTURES[name]
    table = study()
    store.save(table, place, name, _record(dict(table.record), seed, begin))
    figure = picture(store.read(place, name))
    drawn = [store.save_picture(plots.encoded(figure, kind), place, f"{name}.{kind}") for kind in ("png", "svg")]
    return [place / f"{name}.csv", place / f"{name}.jsonl", *drawn]


def _record(
    parameters: Mapping[str, Any], seed: int, begin: float, evidence: Evidence = Evidence.FLOAT
) -> dict[str, Any]:
    seconds = round(time.perf_counter() - begin, 3)
    return store.record(evidence=evidence.name, parameters=parameters, seed=seed, seconds=seconds)


def _digest_row(name: str, table: Table) -> dict[str, Value]:
    found = counts(table)
    holding = table.where(status=Status.HOLDS.value).rows
    ratios = [(ratio, str(row["problem"])) for row in holding if (ratio := _tightness(row)) is not None]
    best = max(ratios, key=lambda pair: pair[0], default=(None, ""))
    valued = [row for row in table.rows if row["bound"] is not None]
    return {
        "theorem": name,
        "applies": len(table.rows) - found[Status.INAPPLICABLE.value],
        **found,
        "vacuous": sum(bool(row["vacuous"]) for row in valued),
        "tightest": best[0],
        "tightest_on": best[1],
    }


def _tightness(row: Mapping[str, Value]) -> float | None:
    """Smaller over larger side of an inequality that holds, at most 1; None where the larger side is not positive."""
    upper = row["kind"] == "upper"
    small, large = (row["actual_upper"], row["bound"]) if upper else (row["bound"], row["actual"])
    if small is None or large is None or not float(large) > 0:
        return None
    return min(float(small) / float(large), 1.0)
