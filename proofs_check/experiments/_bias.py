"""What algorithms prefer among representations of equal loss: decay, early stopping, temperature, width."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

import numpy as np

from linrep.features import Linear
from linrep.labels import Threshold
from linrep.moments import Moments, population
from linrep.tables import Table, Value, concatenate
from linrep.training import Experiment, train
from linrep.transfer import TransferCurve, curve
from proofs_check.experiments._flow import best_length, decay_rows, described, flow_rows
from proofs_check.experiments._settings import DIM, PROCESS, RELEVANT, SCALE
from proofs_check.experiments._spectral import spectral_experiment
from proofs_check.experiments._table1 import Arm, drawn, experiment, pairs

Tell = Callable[[str], None]
START = 1e-2
"""Entries of a small start: the square of this much of every mode is there at time 0."""
SPURIOUS = float(SCALE.moment(1) / SCALE.moment(2))
"""The best length of a spurious coordinate alone, (E τ) / (E τ²): with it the squared mode is Σ̄/Σ²."""
DECAYS = tuple(np.linspace(0, 0.95, 20).tolist())
TEMPERATURES = (0.1, 0.25, 0.5, 1.0, 2.0)
WIDTHS = (10, 30, 100, 300)
MEANS = ("population_loss", "population_risk", "relevant_size", "spurious_size")


def bias_moments() -> Moments:
    """Example 1, linear features, and the label sign(x_1 + 2 x_2 + … + 10 x_10)."""
    found = population(PROCESS, Linear(), Threshold([*range(1, RELEVANT + 1), *[0] * (DIM - RELEVANT)]))
    return cast(Moments, found)


def bias_paths(*, dim: int, end: float = 40.0, points: int = 81) -> Table:
    """Weight decay and early stopping in one long table; `parameter` is rho or the time.

    Gradient flow has two starts: a small one without preference, and the optimum of spurious coordinates alone, a
    saddle of the loss, with the same small disturbance.
    """
    moments, rng = bias_moments(), np.random.default_rng(0)
    small = START * rng.standard_normal((DIM, dim))
    kept = min(dim, DIM - RELEVANT)
    turned = small.copy()
    turned[range(RELEVANT, RELEVANT + kept), range(kept)] += SPURIOUS
    times = np.linspace(0, end, points).tolist()
    found = {
        "weight decay": decay_rows(moments, dim=dim, strengths=DECAYS, relevant=RELEVANT),
        "flow, small start": flow_rows(moments, small, times=times, relevant=RELEVANT),
        "flow, spurious start": flow_rows(moments, turned, times=times, relevant=RELEVANT),
    }
    named = [_long(table, name, dim) for name, table in found.items()]
    return concatenate(named, {"evidence": "closed form, and a differential equation"})


def bias_band(*, dim: int) -> tuple[TransferCurve, Table]:
    """The exact transfer band: between floor and ceiling lies every representation of a loss."""
    found = curve(bias_moments(), dim=dim, readout="mean", intercept=False)
    losses = np.concatenate([found.loss, np.linspace(found.vacuous, 0, 9)[1:]])
    rows = [
        {"population_loss": float(loss), "floor": found.floor, "ceiling": float(top)}
        for loss, top in zip(losses, found.ceiling(losses), strict=True)
    ]
    return found, Table(tuple(rows[0]), tuple(rows), {"evidence": "closed form", "vacuous": found.vacuous})


def placed(table: Table, found: TransferCurve) -> Table:
    """The same table with a column that says whether each row lies where the theory allows it."""
    losses, risks = (np.array(table.column(name), float) for name in ("population_loss", "population_risk"))
    inside = found.contains(losses, risks)
    rows = tuple({**row, "inside": bool(here)} for row, here in zip(table.rows, inside, strict=True))
    return Table((*table.columns, "inside"), rows, table.record)


def bias_trained(*, dim: int, steps: Sequence[int], seeds: Sequence[int], tell: Tell) -> Table:
    """Trained linear representations as points of the plane (loss, risk), by their exact population values.

    The spectral loss by Adam on fresh pairs, and InfoNCE on the sphere at several temperatures; the latter does not
    fix the length of a representation, and its best one is taken.
    """
    plain = spectral_experiment(f"bias {dim}", dim, drawn, pairs)
    tried: list[tuple[str, float | None, Experiment]] = [("Adam, spectral loss", None, plain)]
    for temperature in TEMPERATURES:
        arm = Arm(f"temperature {temperature} dim {dim}", True, temperature=temperature, out=dim, batch=128)
        tried.append(("Adam, InfoNCE", temperature, experiment("bias", arm)))
    rows: list[dict[str, Value]] = []
    for algorithm, temperature, what in tried:
        tell(what.name)
        measured = replace(what, measure=partial(_population, rescaled=temperature is not None))
        run = train(measured, seeds=seeds, records=steps)
        rows += [{"algorithm": algorithm, "temperature": temperature, **row} for row in run.trajectory.rows]
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "trained; exact values of what was trained"})


def _population(network: Any, _: Any, rescaled: bool) -> Mapping[str, Any]:
    moments, weights = bias_moments(), np.asarray(network.weight, np.float64)
    return described(moments, best_length(moments, weights) if rescaled else weights, RELEVANT)


def last_steps(table: Table) -> Table:
    """Means over the seeds at the last step, by algorithm and temperature; `inside` counts all rows in the band."""
    last = max(int(step or 0) for step in table.column("step"))
    kinds = dict.fromkeys((row["algorithm"], row["temperature"]) for row in table.rows)
    rows = []
    for algorithm, temperature in kinds:
        every = table.where(algorithm=algorithm, temperature=temperature)
        end = every.where(step=last)
        means = {name: float(np.mean(np.array(end.column(name), float))) for name in MEANS}
        counted = {"points": len(every.rows), "inside": sum(bool(here) for here in every.column("inside"))}
        rows.append({"algorithm": algorithm, "temperature": temperature, "step": last, **means, **counted})
    return Table(tuple(rows[0]), tuple(rows), table.record)


def bias_widths(*, step: int, seeds: Sequence[int], tell: Tell) -> Table:
    """Perceptrons of several widths after equally many steps: held-out loss and accuracy, means over the seeds."""
    rows = []
    for width in WIDTHS:
        tell(f"width {width}")
        what = experiment("bias", Arm(f"width {width}", False, hidden=width))
        table = train(what, seeds=seeds, records=[step]).trajectory
        columns = ("held_out_loss", "logistic_accuracy", "identification")
        means = {f"trained_{name}": float(np.mean(np.array(table.column(name), float))) for name in columns}
        rows.append({"width": width, "steps": step, "seeds": len(seeds), **means})
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "trained"})


def _long(table: Table, algorithm: str, dim: int) -> Table:
    first, *others = table.columns
    rows = tuple(
        {"algorithm": algorithm, "dim": dim, "parameter": row[first]} | {name: row[name] for name in others}
        for row in table.rows
    )
    return Table(("algorithm", "dim", "parameter", *others), rows, table.record)
