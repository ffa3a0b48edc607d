"""`linrep train`: published experiments, trained here, beside the exact theory of their process."""

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import jax
from cyclopts import Parameter

from linrep._checks import InputError, positive_int
from linrep.tables import Table, concatenate
from proofs_check import plots, store
from proofs_check.cli._app import app, console, say_written, write_json
from proofs_check.console import table_grid

EXTRA = ("equinox", "optax", "sklearn")
BRITTLE = (20, 100, 300, 1_000, 4_000, 8_000, 12_000, 40_000)
NARROW, WIDE = 10, 20
ON_DIGITS = ("digits", "digits-hash", "label-orthogonal", "identification", "digits-band")
ON_TEXT = ("docstrings", "docstrings-band")
SEEDS = {"spectral": 1, "bias": 3, **dict.fromkeys((*ON_DIGITS, *ON_TEXT), 3)}
QUICK_SEEDS = {"spectral": 1, **dict.fromkeys((*ON_DIGITS, *ON_TEXT), 1)}
"""At most so many, where not every study takes all; two with --quick, if not asked otherwise."""


@dataclass(frozen=True)
class Asked:
    """What a study is told: the library of experiments, the folder, how many seeds, and whom to tell."""

    experiments: Any
    place: Path
    seeds: int
    quick: bool
    tell: Callable[[str], None]


Found = tuple[dict[str, Table], tuple[str, ...]]
"""Tables to save by their names, and the names of those to print."""


Study = Literal[
    "table1", "brittleness", "spectral", "bias", "digits", "digits-hash", "label-orthogonal", "identification",
    "digits-band", "docstrings", "docstrings-band",
]  # fmt: skip


@app.command(name="train")
def train_command(
    name: Study,
    *,
    out: Path,
    seeds: int | None = None,
    quick: bool = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Train the networks of an experiment; the tables, the pictures and the checkpoints go to one folder.

    Example: linrep train table1 --quick --out table1

    Args:
        name: table1: a linear map and a perceptron on the hypercube of Example 1. brittleness: how the perceptron's
            accuracy moves while its loss falls, from the same training. spectral: the spectral loss by Adam beside its
            closed form. bias: weight decay, early stopping, temperature and width. digits: a linear map, ResNet, ViT
            and Mixer on handwritten digits under four sets of augmentations. digits-hash: with bright and faint hash
            pixels. label-orthogonal: without the class means. identification: a network that names the input of a view,
            beside 1 − τ. digits-band: linear representations of digits in their exact transfer band.
            docstrings: a bag of words, a GRU and a transformer on the docstrings of four packages under four
            augmentations. docstrings-band: linear representations of docstrings in their exact transfer band.
        out: the folder; table1, brittleness, digits and docstrings go on from the checkpoints there, and digits-hash
            and label-orthogonal from those of digits.
        seeds: how many, from 0 on; 10, or 2 with --quick; bias and those on digits and docstrings: at most 3; spectral,
            and those on digits and docstrings with --quick: 1.
        quick: fewer steps and two seeds: 4,000 steps for table1.
        as_json: print the tables as JSON.
    """
    experiments, begin = _experiments(), time.perf_counter()
    count = _seeds(name, seeds, quick)
    with console(stderr=True).status("training") as bar:
        asked = Asked(experiments, store.folder(out), count, quick, bar.update)
        found, shown = STUDIES[name](asked)
    said = {"experiment": name, "quick": quick, "seeds": count}
    how = store.record(evidence="SAMPLED", parameters=said, seed=0, seconds=round(time.perf_counter() - begin, 1))
    saved = {key: store.save(table, asked.place, key, {**how, **_times(table)}) for key, table in found.items()}
    written = [asked.place / f"{key}.csv" for key in saved] + _pictures(name, saved, asked.place)
    if as_json:
        write_json({key: [dict(row) for row in saved[key].rows] for key in shown})
    else:
        screen = console()
        for key in shown:
            screen.print(table_grid(saved[key], title=key, width=screen.width))
        say_written(written)
    return 0


def _seeds(name: str, seeds: int | None, quick: bool) -> int:
    """How many seeds a study takes: those asked for, as far as it goes."""
    wanted = (2 if quick else 10) if seeds is None else positive_int(seeds, owner="train", name="seeds")
    most = {**SEEDS, **(QUICK_SEEDS if quick else {})}
    return min(wanted, most.get(name, wanted))


def _table1(asked: Asked) -> Found:
    experiments, found = asked.experiments, _trajectories(asked)
    summary = experiments.summary(found)
    codes = experiments.code_rows((20, 1024), key=jax.random.key(0), size=5120)
    return {"table1": summary, "codes": codes, "trajectory": _joined(found)}, ("table1", "codes")


def _brittleness(asked: Asked) -> Found:
    early = asked.experiments.beginning(seeds=range(asked.seeds), folder=asked.place, progress=_telling(asked))
    found = _trajectories(asked)
    whole = {name: concatenate([early[name], found[name]], found[name].record) for name in early}
    tables = {"brittleness": asked.experiments.along(whole, BRITTLE), "early": _joined(early)}
    return {**tables, "trajectory": _joined(found)}, ("brittleness",)


def _spectral(asked: Asked) -> Found:
    dims, epochs = ((10,), 4) if asked.quick else ((10, 15, 20), 100)
    table = asked.experiments.spectral_rows(dims=dims, epochs=epochs, progress=_telling(asked))
    return {"spectral": table}, ("spectral",)


def _bias(asked: Asked) -> Found:
    experiments, seeds = asked.experiments, range(asked.seeds)
    band, limits = experiments.bias_band(dim=NARROW)
    paths = concatenate(
        [experiments.bias_paths(dim=dim) for dim in (NARROW, WIDE)], {"evidence": "closed form or flow"}
    )
    steps = (100, 500, 1_000) if asked.quick else (100, 200, 300, 500, 1_000, 2_000, 5_000)
    trained = experiments.bias_trained(dim=NARROW, steps=steps, seeds=seeds, tell=asked.tell)
    tables = {
        "band": limits,
        "paths": _in_band(asked, paths, band),
        "trained": experiments.placed(trained, band),
        "last": experiments.last_steps(experiments.placed(trained, band)),
    }
    if not asked.quick:
        tables["widths"] = experiments.bias_widths(seeds=seeds, step=4_000, tell=asked.tell)
    return tables, tuple(name for name in ("last", "widths") if name in tables)


def _on_data(name: str, asked: Asked) -> Found:
    found = asked.experiments.study(name, asked.place, seeds=range(asked.seeds), quick=asked.quick, tell=asked.tell)
    return found, (name,)


def _in_band(asked: Asked, paths: Table, band: Any) -> Table:
    """Whether each point of the band's dimension lies in the band; the other points have a band of their own."""
    judged = asked.experiments.placed(paths.where(dim=NARROW), band)
    others = tuple({**row, "inside": None} for row in paths.where(dim=WIDE).rows)
    return Table(judged.columns, (*judged.rows, *others), paths.record)


def _telling(asked: Asked) -> Callable[[str, int, int], None]:
    return lambda name, step, steps: asked.tell(f"{name}: {step} of {steps}")


def _trajectories(asked: Asked) -> dict[str, Table]:
    return asked.experiments.trained(asked.place, seeds=asked.seeds, quick=asked.quick, tell=asked.tell)


def _joined(found: dict[str, Table]) -> Table:
    named = [Table(("row", *t.columns), tuple({"row": name, **row} for row in t.rows)) for name, t in found.items()]
    return concatenate(named, {"evidence": "trained"})


def _times(table: Table) -> dict[str, Any]:
    """Time over all sittings, where a table has it for each of its rows."""
    if "processor_seconds" not in table.columns:
        return {}
    return {"processor_seconds": sum(float(value or 0) for value in table.column("processor_seconds"))}


def _pictures(name: str, saved: dict[str, Table], place: Path) -> list[Path]:
    if name == "bias":
        figure = plots.bias(saved["paths"], saved["band"], saved["trained"], wide=WIDE, narrow=NARROW)
    elif name in ON_DIGITS:
        figure = plots.digits(name, saved)
    elif name in ON_TEXT:
        figure = plots.docstrings(name, saved)
    elif "trajectory" in saved:
        steps = [saved[key] for key in ("early", "trajectory") if key in saved]
        figure = (plots.brittleness if name == "brittleness" else plots.trajectory)(concatenate(steps, {}))
    else:
        return []
    return [store.save_picture(plots.encoded(figure, "png"), place, f"{name}.png")]


STUDIES: dict[str, Callable[[Asked], Found]] = {
    "table1": _table1,
    "brittleness": _brittleness,
    "spectral": _spectral,
    "bias": _bias,
    **{name: partial(_on_data, name) for name in (*ON_DIGITS, *ON_TEXT)},
}


def _experiments() -> Any:
    """Imported when asked for: the other commands do without the extra, and without the time it takes to load."""
    try:
        return importlib.import_module("proofs_check.experiments")
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        raise InputError(
            f'train: {error.name} is not installed, but networks need it; pip install "linrep[experiments]".'
        ) from error
