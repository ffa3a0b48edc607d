"""`linrep transfer`: what a class of functions lets the contrastive loss promise, and measured points beside it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import jax
from cyclopts import Parameter

from linrep._checks import InputError
from linrep.datasets import digits, docstrings
from linrep.losses import spectral
from linrep.problems import Problem
from linrep.risks import regression
from linrep.tables import Table
from proofs_check import console as shown
from proofs_check import plots, problem_files, store, studies
from proofs_check.cli._app import app, console, plain, progress, say_written, write_json

Readout = Literal["augmented", "mean"]
STUDIES: dict[str, Callable[[jax.Array], tuple[studies.Scene, ...]]] = {
    "digits": lambda key: studies.digit_scenes(digits(), key),
    "docstrings": lambda key: studies.docstring_scenes(docstrings(), key),
    "hypercube": studies.scenes,
}
STEPS = 24
"""Classes and diagrams of a study, roughly: steps of the progress bar."""


class Asked(NamedTuple):
    """The bands, measured points beside them or None, and tables with pictures of their own by name."""

    bands: Table
    points: Table | None
    more: dict[str, Table]


@app.command(name="transfer")
def transfer_command(
    what: str,
    *,
    points: Path | None = None,
    readout: Readout | None = None,
    raw: bool = False,
    seed: int = 0,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """The band of (loss, risk) that a class of functions allows, for several classes on one process and label.

    Example: linrep transfer hypercube --out transfer

    Args:
        what: digits, docstrings or hypercube: several classes on one process; or a problem file, for its one class.
        points: a CSV file with the columns loss and risk, perhaps name, process and class; the exit code is 1 where
            one lies outside of its band.
        readout: of a problem file: from one view (augmented, the default) or from the mean over views.
        raw: of a problem file: no constant is fitted downstream.
        seed: draws random Fourier features and the starts of the search.
        out: folder for the table and the picture.
        as_json: print the tables as JSON.
    """
    begin = time.perf_counter()
    if what in STUDIES:
        if readout is not None or raw:
            raise InputError(f"transfer: --readout and --raw are for a problem file; leave them out with {what}.")
        found = _study(what, points, seed)
    else:
        found = _file(Path(what), points, readout or "augmented", seed, intercept=not raw)
    name, refused = Path(what).stem, _refused(found.points)
    said = {"what": what, "points": None if points is None else str(points), "readout": readout, "raw": raw}
    seconds = round(time.perf_counter() - begin, 3)
    how = store.record(evidence="FLOAT", parameters=said, seed=seed, seconds=seconds)
    written = [] if out is None else _save(found, store.folder(out), name, how)
    _print(found, written, as_json=as_json)
    if refused:
        console(stderr=True).print(refused, style="bold red", highlight=False, markup=False, soft_wrap=True)
    return 1 if refused else 0


def _study(what: str, points: Path | None, seed: int) -> Asked:
    measured, key = None if points is None else studies.read_points(points), problem_files.key_of(seed)
    scenes = STUDIES[what](key)
    # a point that names no band is refused before the bands are computed
    studies.bands_named(measured or (), ((scene.name, name) for scene in scenes for name, *_ in scene.classes))
    with progress(STEPS) as tick:
        bands = studies.bands_of(scenes, key=key, tick=tick)
        more = {"phases": studies.phases(key=key, tick=tick)} if what == "hypercube" else {}
    return Asked(bands, None if measured is None else studies.on_bands(measured, bands), more)


def _file(path: Path, points: Path | None, readout: Readout, seed: int, *, intercept: bool) -> Asked:
    """The one class of a problem file, with the representation that the file may give as a first point."""
    measured = () if points is None else studies.read_points(points)
    problem = problem_files.problem(problem_files.load(path))
    if problem.labels is None:
        raise InputError(f"transfer: {path} has no labels, but the risk is about a label; add [labels].")
    key = problem_files.key_of(seed)
    found = studies.band(problem.moments, dim=problem.dim, intercept=intercept, readout=readout, key=key)
    process, name = f"{path.stem}: {type(problem.process).__name__}, d = {problem.dim}", problem.features.name
    rows = studies.rows_of(found, process, name, features=problem.moments.dim, dim=problem.dim)
    bands = Table(tuple(rows[0]), rows, {"readout": readout, "intercept": intercept})
    given = (*_given(problem, readout, intercept=intercept), *measured)
    return Asked(bands, studies.on_curve(given, found, process, name) if given else None, {})


def _given(problem: Problem, readout: Readout, *, intercept: bool) -> list[dict[str, str]]:
    if problem.weights is None:
        return []
    weights = problem.representation
    risk = regression(problem.moments, weights, readout=readout, intercept=intercept)
    return [
        {
            "name": "weights of the file",
            "loss": repr(float(spectral(problem.moments, weights))),
            "risk": repr(float(risk)),
        }
    ]


def _refused(points: Table | None) -> str:
    """What to say of points that cannot be; empty where there are none."""
    outside = () if points is None else points.where(outside=True).rows
    if points is None or not outside:
        return ""
    names = ", ".join(f"{row['name']} (loss {row['loss']:.6g}, risk {row['risk']:.6g})" for row in outside)
    return (
        f"linrep: {len(outside)} of {len(points.rows)} points lie outside of the band: {names}; no representation of "
        "the class is there, so the point was measured for another problem, class or readout, or a program is wrong."
    )


def _save(found: Asked, place: Path, name: str, how: dict) -> list[Path]:
    bands = store.save(found.bands, place, name, how)
    points = None if found.points is None else store.save(found.points, place, f"{name}_points", how)
    more = {key: store.save(table, place, key, how) for key, table in found.more.items()}
    figures = {name: plots.transfer_band(bands, points)}
    figures |= {key: plots.phase_diagram(table) for key, table in more.items()}
    tables = [name, *more, *([] if points is None else [f"{name}_points"])]
    written = [place / f"{key}.{kind}" for key in tables for kind in ("csv", "jsonl")]
    for key, figure in figures.items():
        written += [store.save_picture(plots.encoded(figure, kind), place, f"{key}.{kind}") for kind in ("png", "svg")]
    return written


def _print(found: Asked, written: list[Path], *, as_json: bool) -> None:
    digest = studies.summary(found.bands)
    if as_json:
        tables = {"summary": digest, "bands": found.bands, "points": found.points}
        write_json(
            plain({key: [dict(row) for row in table.rows] for key, table in tables.items() if table is not None})
        )
        return
    for process in dict.fromkeys(digest.column("process")):
        console().print(shown.band_grid(digest.where(process=process)))
    for note in dict.fromkeys(row["note"] for row in found.bands.rows if row["note"]):
        names = ", ".join(dict.fromkeys(str(row["class"]) for row in found.bands.where(note=note).rows))
        console().print(f"note: {names}: {note}", highlight=False, markup=False)
    if found.points is not None:
        inside = len(found.points.rows) - len(found.points.where(outside=True).rows)
        console().print(f"points: {inside} of {len(found.points.rows)} in the band", highlight=False, markup=False)
    say_written(written)
