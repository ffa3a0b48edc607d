"""Measured points beside transfer bands: where they come from, and which of them cannot be."""

import csv
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from linrep._checks import InputError, require
from linrep.tables import Table, Value
from linrep.transfer import TransferCurve
from proofs_check.studies._bands import SUMMARY

POINT_COLUMNS = ("name", "process", "class", "loss", "risk", "epsilon", "outside")
ENTRIES = ("loss", "risk", "name", "process", "class")
"""Columns of a file of points; the first two are needed."""


def read_points(path: Path) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file with the columns loss and risk, and perhaps name, process and class.

    Raises:
        InputError: a file that cannot be read, other columns, or cells that are not finite numbers.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
    ...     _ = file.write("loss,risk\\n-9.75,0.2\\n"), file.flush()
    ...     read_points(Path(file.name))
    ({'loss': '-9.75', 'risk': '0.2'},)
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows, names = list(reader), list(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"points: {path} cannot be read ({why}); pass a CSV file with loss and risk.") from error
    require(
        {"loss", "risk"} <= set(names) <= set(ENTRIES),
        f"points: {path} has the columns {', '.join(names) or 'none'}, but loss and risk are needed, and name, process "
        "and class are allowed; correct its first line.",
    )
    require(rows, f"points: {path} has no points below its first line; add one, or leave the file out.")
    for number, row in enumerate(rows, 2):
        require(
            None not in row and all(_finite(row[name]) for name in ("loss", "risk")),
            f"points: line {number} of {path} is not a finite loss and a finite risk; correct it.",
        )
    return tuple(rows)


def on_curve(points: tuple[Mapping[str, str], ...], found: TransferCurve, process: str, name: str) -> Table:
    """Measured points beside one curve, each with its excess loss and whether it lies outside of the band.

    Args:
        points: of `read_points`.
        found: the curve of the class; `TransferCurve.outside` decides.
        process, name: of the curve, as in its table.

    Raises:
        InputError: a point that says that it is of another process or class.

    Source: theory V7 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> found = lr.transfer.curve(lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0)), dim=10)
    >>> on_curve(({"loss": "-9.75", "risk": "0.6"},), found, "Example 1", "linear").column("outside")
    [True]
    """
    bands_named(points, ((process, name),))
    losses, risks = (np.array([float(row[part]) for row in points]) for part in ("loss", "risk"))
    refused = set(found.outside(losses, risks).tolist())
    rows = [_point(i, row, process, name, found.minimum, i in refused) for i, row in enumerate(points)]
    return Table(POINT_COLUMNS, tuple(rows))


def bands_named(points: Iterable[Mapping[str, str]], bands: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The process and the class whose band each point is laid over; a point may leave out what is not in doubt.

    Args:
        points: of `read_points`.
        bands: pairs of a process and a class.

    Raises:
        InputError: a point that names no band, or several.

    Source: ours.

    >>> bands_named([{"class": "affine"}], [("Example 1", "linear"), ("Example 1", "affine")])
    (('Example 1', 'affine'),)
    """
    known, found = tuple(dict.fromkeys(bands)), []
    for point in points:
        wanted = {part: point[part] for part in ("process", "class") if point.get(part)}
        fitting = [(p, c) for p, c in known if wanted.get("process", p) == p and wanted.get("class", c) == c]
        require(
            len(fitting) == 1,
            f"points: {wanted or 'a point without class'} names {len(fitting)} bands, but one is needed; give each "
            f"point a process and a class, one of {', '.join(dict.fromkeys(c for _, c in known))}.",
        )
        found += fitting
    return tuple(found)


def on_bands(points: tuple[Mapping[str, str], ...], bands: Table) -> Table:
    """Measured points beside the bands of a saved table; the columns process and class of a point pick its band.

    T increases, so between two points of a curve it is at most what it is at the second. What is called outside is
    outside; `TransferCurve.outside`, which knows the curve between its points, may refuse a little more.

    Args:
        points: of `read_points`.
        bands: a table of transfer bands.

    Raises:
        InputError: a point that does not say which band is meant.

    Source: theory V7 (ours).

    >>> from proofs_check import studies
    >>> bands = studies.bands_of(studies.scenes()[:1], points=9)
    >>> point = {"loss": "-9.75", "class": "linear"}
    >>> on_bands(({**point, "risk": "0.5"}, {**point, "risk": "0.8"}), bands).column("outside")
    [False, True]
    """
    pairs = [(str(row["process"]), str(row["class"])) for row in bands.rows]
    rows = []
    for i, (point, (process, name)) in enumerate(zip(points, bands_named(points, pairs), strict=True)):
        band = bands.where(**{"process": process, "class": name})
        least = float(band.rows[0]["best_loss"] or 0.0)
        rows.append(_point(i, point, process, name, least, _beyond(band, float(point["loss"]), float(point["risk"]))))
    return Table(POINT_COLUMNS, tuple(rows))


def summary(bands: Table) -> Table:
    """A row for each class: D, the least loss, eps_vac, the largest risk of a minimiser, and where T is half trivial.

    `half` is where `sharp` is, interpolated between the points; 0 where minimisers may have half of the trivial risk.

    Source: ours.

    >>> from proofs_check import studies
    >>> found = summary(studies.bands_of(studies.scenes()[:1]))
    >>> [(row["class"], round(row["half"], 3)) for row in found.rows][:2]
    [('linear', 0.234), ('affine', 0.0)]
    """
    keys = dict.fromkeys((row["process"], row["class"]) for row in bands.rows)
    rows = []
    for process, name in keys:
        part = bands.where(**{"process": process, "class": name}).rows
        first = part[0]
        x, y = (np.array([float(row[c] or 0.0) for row in part]) for c in ("epsilon", "sharp"))
        half = float(np.interp(float(first["trivial"] or 0.0) / 2, y, x))
        rows.append({**{c: first[c] for c in SUMMARY if c != "half"}, "half": half})
    return Table(SUMMARY, tuple(rows), bands.record)


def _beyond(band: Table, loss: float, risk: float) -> bool:
    names = ("best_loss", "trivial", "floor", "loss_slack", "risk_slack")
    least, trivial, floor, loss_slack, risk_slack = (float(band.rows[0][name] or 0.0) for name in names)
    excess = loss - least
    later = [float(row["sharp"] or 0.0) for row in band.rows if float(row["epsilon"] or 0.0) >= excess + loss_slack]
    return excess < -loss_slack or risk < floor - risk_slack or risk > min([trivial, *later]) + risk_slack


def _point(i: int, row: Mapping[str, str], process: str, name: str, least: float, outside: bool) -> dict[str, Value]:
    loss, risk = float(row["loss"]), float(row["risk"])
    cells = (row.get("name") or str(i + 1), process, name, loss, risk, loss - least, outside)
    return dict(zip(POINT_COLUMNS, cells, strict=True))


def _finite(text: str | None) -> bool:
    try:
        return math.isfinite(float(text or "nan"))
    except ValueError:
        return False
