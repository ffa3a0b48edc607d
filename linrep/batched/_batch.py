"""Many finite problems of one size, as arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from linrep._checks import finite_array, positive_int, require
from linrep._linalg import EPS
from linrep.batched._state import Arrays, Form


@dataclass(frozen=True, init=False, eq=False)
class Batch:
    """B finite problems of one size. Inputs and views of probability zero count as absent, so smaller problems are
    padded with them.

    Args:
        prior: (B, n_bar) laws of the input.
        channel: (B, n_bar, n) rows A(. | input); rows of absent inputs may be anything not negative.
        features: (n, D) shared by all, or (B, n, D) values phi(x); None for all functions of a view.
        labels: (B, n_bar), or (B, n_bar, r) real targets. As in a `Problem`, integers that are all -1 or 1 are signs
            and other whole numbers of at least 0 names of classes; the rest are real. Signs are recognised among real
            labels, problem by problem.
        dim: d, the dimension of the representation, one for all.
        weights: (B, D, d) representations W; None stands for the minimisers of the spectral loss.

    Raises:
        InputError: shapes that disagree, laws that are negative or do not sum to one, non-finite numbers.

    Source: ours.

    >>> batch = Batch([[0.5, 0.5]], [[[0.75, 0.25], [0.25, 0.75]]], None, [[1, -1]], dim=1)
    >>> len(batch), batch.n_inputs, batch.n_views
    (1, 2, 2)
    """

    prior: np.ndarray
    channel: np.ndarray
    features: np.ndarray | None
    labels: np.ndarray
    dim: int
    weights: np.ndarray | None
    form: Form

    def __init__(self, prior: Any, channel: Any, features: Any, labels: Any, *, dim: int, weights: Any = None) -> None:
        values: dict[str, Any] = {"prior": _laws(prior, "prior", 2), "channel": _numbers(channel, "channel", (3,))}
        values["features"] = None if features is None else _numbers(features, "features", (2, 3))
        raw = np.asarray(labels)
        values["labels"] = _numbers(labels, "labels", (2, 3))
        values["weights"] = None if weights is None else _numbers(weights, "weights", (3,))
        values["dim"] = positive_int(dim, owner="Batch", name="dim")
        whole = raw.ndim == 2 and (np.issubdtype(raw.dtype, np.integer) or raw.dtype == bool)
        classes = bool(whole and raw.min(initial=0) >= 0 and not np.all(np.abs(raw) == 1))
        for name, value in values.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "form", Form(self.dim, classes))
        _check_sizes(self)
        _check_rows(self)

    def __len__(self) -> int:
        return self.prior.shape[0]

    @property
    def n_inputs(self) -> int:
        """n_bar, absent inputs included."""
        return self.prior.shape[1]

    @property
    def n_views(self) -> int:
        """n, absent views included."""
        return self.channel.shape[2]

    @property
    def n_features(self) -> int:
        """D; n for all functions of a view."""
        return self.n_views if self.features is None else self.features.shape[-1]

    @property
    def n_outputs(self) -> int:
        """r: columns, classes, or 1."""
        if self.form.classes:
            return int(self.labels.max(initial=0)) + 1
        return 1 if self.labels.ndim == 2 else self.labels.shape[2]

    def part(self, chosen: np.ndarray | slice) -> Arrays:
        """The problems of the given numbers, with the batch along the last axis."""
        labels = self.labels[chosen]
        if self.form.classes:
            targets = labels[:, :, None] == np.arange(self.n_outputs)
        else:
            targets = labels[:, :, None] if labels.ndim == 2 else labels
        shared = self.features is None or self.features.ndim == 2
        features = self.features if shared else _last(self.features[chosen])  # pyright: ignore[reportOptionalSubscript]
        return Arrays(
            _last(self.prior[chosen]),  # pyright: ignore[reportArgumentType]
            _last(self.channel[chosen]),  # pyright: ignore[reportArgumentType]
            features[..., None] if shared and features is not None else features,  # pyright: ignore[reportArgumentType]
            _last(targets.astype(np.float64)),  # pyright: ignore[reportArgumentType]
            None if self.weights is None else _last(self.weights[chosen]),  # pyright: ignore[reportArgumentType]
        )


def _last(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(array, 0, -1))


def _numbers(value: Any, name: str, ndim: tuple[int, ...]) -> np.ndarray:
    return finite_array(value, owner="Batch", name=name, ndim=ndim)


def _laws(value: Any, name: str, ndim: int) -> np.ndarray:
    array = _numbers(value, name, (ndim,))
    _require_laws(array, name, np.ones(array.shape[:-1], bool))
    return array


def _require_laws(array: np.ndarray, name: str, present: np.ndarray) -> None:
    negative = np.argwhere(array < 0)
    require(
        negative.size == 0,
        f"Batch: {name} is negative at index {negative[0].tolist() if negative.size else ''}, but probabilities are at "
        "least 0; pass such numbers.",
    )
    # Each of n numbers was rounded once and their sum n times: twice that is a sum of one.
    off = np.argwhere(present & (np.abs(array.sum(axis=-1) - 1) > 4 * array.shape[-1] * EPS))
    require(
        off.size == 0,
        f"Batch: {name} sums to {float(array[tuple(off[0])].sum()) if off.size else 1.0!r} at index "
        f"{off[0].tolist() if off.size else ''}, but probabilities sum to one; divide by the sum.",
    )


def _check_rows(batch: Batch) -> None:
    _require_laws(batch.channel, "channel", batch.prior > 0)


def _check_sizes(batch: Batch) -> None:
    """Shapes that go together."""
    number, inputs, views = len(batch), batch.n_inputs, batch.n_views
    require(number > 0, "Batch: prior has no rows, but a batch has at least one problem; pass one.")
    wanted: dict[str, tuple[int, ...]] = {"channel": (number, inputs, views)}
    if batch.features is not None:
        shape = (views, batch.n_features)
        wanted["features"] = shape if batch.features.ndim == 2 else (number, *shape)
    wanted["labels"] = (number, inputs, *batch.labels.shape[2:])
    if batch.weights is not None:
        wanted["weights"] = (number, batch.n_features, batch.dim)
    for name, shape in wanted.items():
        seen = getattr(batch, name).shape
        require(
            seen == shape and min(shape) > 0,
            f"Batch: {name} has shape {seen}, but with a prior of shape {batch.prior.shape} and dim {batch.dim} it "
            f"must have the shape {shape}; reshape it.",
        )
