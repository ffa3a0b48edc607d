"""Problems written down in TOML: process, features, labels, dimension, perhaps a representation."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np

from linrep import features, labels, processes
from linrep._checks import InputError, positive_int, require
from linrep.labels import as_label
from linrep.problems import Problem, Sample
from linrep.processes import AbstractLaw, AbstractProcess
from proofs_check.names import chosen
from proofs_check.problem_files._values import arguments, array, built, exact, section
from proofs_check.problem_files._values import inline as inline
from proofs_check.problem_files._values import load as load

LARGEST_SEED = 2**32 - 1
"""Largest seed of a random process, of random features, and of the main job."""
Entry = tuple[Callable[..., Any], tuple[str, ...], tuple[str, ...]]
"""What makes an object, the entries that it needs, and those that it may have."""


def key_of(seed: Any) -> jax.Array:
    """The random key of a seed in a file.

    Raises:
        InputError: a seed that is no whole number from 0 to 2^32 - 1.

    Source: ours.

    >>> key_of(0).shape
    ()
    """
    whole = isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed <= LARGEST_SEED
    require(whole, f"seed: {seed!r} was given, but a whole number from 0 to {LARGEST_SEED} is needed; pass one.")
    return jax.random.key(seed)


def _law(part: Any) -> AbstractLaw:
    require(
        isinstance(part, dict),
        f"problem file: scale is {part!r}, but it must be a table; write {{law = 'Uniform', low = 0, high = 1}}.",
    )
    name = chosen(part.get("law"), LAWS, owner="problem file: scale", what="law")
    make, needed, optional = LAWS[name]
    return built(
        make,
        arguments({k: v for k, v in part.items() if k != "law"}, owner=name, needed=needed, optional=optional),
        owner=name,
    )


def _scaling(dim: Any, relevant: Any, scale: Any = None, shared: Any = True) -> AbstractProcess:
    require(
        isinstance(shared, bool),
        f"problem file: shared is {shared!r}, but it must be true or false; choose one of them.",
    )
    given = {} if scale is None else {"scale": _law(scale)}
    return processes.HypercubeScaling(dim=dim, relevant=relevant, shared=shared, **given)


def _random(n_inputs: Any, n_views: Any, kind: Any = "generic", tau: Any = None, seed: Any = 0) -> AbstractProcess:
    return processes.random_process(key_of(seed), n_inputs, n_views, kind, tau=tau)


def _fourier(count: Any, bandwidth: Any, seed: Any = 0) -> features.AbstractFeatures:
    return features.RandomFourier(count, bandwidth, key_of(seed))


def _values(values: Any, kind: Any = None) -> labels.Table:
    return labels.Table(array(values, owner="labels"), kind)


LAWS: dict[str, Entry] = {
    "Uniform": (processes.Uniform, ("low", "high"), ()),
    "Discrete": (processes.Discrete, ("values", "weights"), ()),
    "Beta": (processes.Beta, ("alpha", "beta"), ()),
}
"""Laws of a scale, by the name in a file."""
PROCESSES: dict[str, Entry] = {
    "FiniteProcess": (processes.FiniteProcess, ("prior", "channel"), ("views", "inputs")),
    "HypercubeScaling": (_scaling, ("dim", "relevant"), ("scale", "shared")),
    "HypercubeFlip": (processes.HypercubeFlip, ("dim", "keep"), ()),
    "GaussianNoise": (processes.GaussianNoise, ("dim", "rho"), ()),
    "Circle": (processes.Circle, ("noise",), ()),
    "LatentClasses": (processes.LatentClasses, ("weights", "conditionals"), ("views",)),
    "Clusters": (processes.Clusters, ("sizes", "within", "between"), ()),
    "RandomProcess": (_random, ("n_inputs", "n_views"), ("kind", "tau", "seed")),
}
"""Processes, by the name in a file."""
FEATURES: dict[str, Entry] = {
    "OneHot": (features.OneHot, (), ()),
    "Linear": (features.Linear, (), ()),
    "Affine": (features.Affine, (), ()),
    "Polynomial": (features.Polynomial, ("degree",), ("kind",)),
    "RandomFourier": (_fourier, ("count", "bandwidth"), ("seed",)),
}
"""Function classes, by the name in a file."""
LABELS: dict[str, Entry] = {
    "Coordinate": (labels.Coordinate, ("index",), ()),
    "Linear": (labels.Linear, ("weights",), ()),
    "Threshold": (labels.Threshold, ("weights",), ("offset",)),
    "Parity": (labels.Parity, ("subset",), ()),
    "Table": (_values, ("values",), ("kind",)),
}
"""Labels in closed form, by the name in a file."""
TOP = ("process", "features", "labels", "dim", "weights", "score", "negatives", "temperature", "sample")
"""Entries of a problem file."""


def read(path: Path) -> Problem:
    """The problem written in a TOML file.

    Raises:
        InputError: a file that cannot be read, is not TOML, or does not say what is needed.

    Source: ours.

    >>> import tempfile
    >>> lines = ["dim = 1", "[process]", "type = 'FiniteProcess'", "prior = [1, 1]", "channel = [[3, 1], [1, 3]]"]
    >>> with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
    ...     _ = file.write("\\n".join([*lines, "[features]", "type = 'OneHot'"])), file.flush()
    ...     round(read(Path(file.name)).solution.loss, 12)
    -1.0
    """
    return problem(load(path))


def problem(spec: Mapping[str, Any]) -> Problem:
    """The problem that a table describes: `process`, `features`, `dim`, and where given `labels`, `weights`, `score`,
    `negatives`, `temperature`, and `sample` with `size` and `failure`.

    Each of the first two is a table with a `type`; `process` may have `levels`, which makes it finite. `labels` has
    `values` (and perhaps `kind`) or a `type`. Texts like "1/3" are exact fractions.

    Raises:
        InputError: entries that are missing, unknown, of a wrong type or out of range.

    Source: ours.

    >>> flip = {"type": "HypercubeFlip", "dim": 3, "keep": "9/10"}
    >>> spec = {"process": flip, "features": {"type": "Linear"}, "labels": {"type": "Coordinate", "index": 0}, "dim": 3}
    >>> round(problem(spec).solution.loss, 6)
    -1.2288
    """
    check_names(spec)
    dim = positive_int(spec["dim"], owner="problem file", name="dim")
    process = process_of(section(spec, "process"))
    described = features_of(section(spec, "features"))
    label = label_of(section(spec, "labels"), process) if "labels" in spec else None
    matrices = [name for name in ("weights", "score") if name in spec]
    extra: dict[str, Any] = {name: array(spec[name], owner=name).astype(np.float64) for name in matrices}
    extra |= {name: exact(spec[name]) for name in ("negatives", "temperature") if name in spec}
    if "sample" in spec:
        extra["sample"] = sample_of(section(spec, "sample"))
    return built(
        Problem, {"process": process, "features": described, "labels": label, "dim": dim, **extra}, owner="the problem"
    )


def sample_of(part: dict[str, Any]) -> Sample:
    """The training set that a table describes: its `size` and its `failure` probability.

    Raises:
        InputError: entries that are missing, unknown or out of range.

    Source: ours.

    >>> sample_of({"size": 1000, "failure": "1/20"}).failure
    Fraction(1, 20)
    """
    for entry in part:
        chosen(entry, ("size", "failure"), owner="sample", what="entry")
    return built(Sample, {name: exact(value) for name, value in part.items()}, owner="sample")


def process_of(part: dict[str, Any]) -> AbstractProcess:
    """The process that a table describes.

    Raises:
        InputError: an unknown type, or entries that do not fit.

    Source: ours.

    >>> process_of({"type": "Clusters", "sizes": [2, 2], "within": 9, "between": 1, "levels": 1}).n_inputs
    4
    """
    levels = part.pop("levels", None)
    process = _made(part, PROCESSES, "process")
    return (
        process
        if levels is None
        else built(process.finite, {"levels": positive_int(levels, owner="process", name="levels")}, owner="finite")
    )


def features_of(part: dict[str, Any]) -> features.AbstractFeatures:
    """The feature map that a table describes.

    Raises:
        InputError: an unknown type, or entries that do not fit.

    Source: ours.

    >>> features_of({"type": "Polynomial", "degree": 2}).name
    'Polynomial(2, multilinear)'
    """
    return _made(part, FEATURES, "features")


def label_of(part: dict[str, Any], process: AbstractProcess) -> labels.AbstractLabel:
    """The label that a table describes, on a process.

    Raises:
        InputError: an unknown type, entries that do not fit, or a label that does not fit the process.

    Source: ours.

    >>> label_of({"type": "Parity", "subset": [0, 1]}, processes.HypercubeFlip(dim=2, keep=1)).kind
    'real'
    """
    made = _made({"type": "Table", **part} if "values" in part else part, LABELS, "labels")
    return as_label(made, process)


def notes(asked: Problem) -> list[str]:
    """What a reader should know about a problem: parts dropped, d beyond the rank, a tie at the cut.

    Source: ours.

    >>> from linrep.gallery import disjoint_pairs
    >>> notes(disjoint_pairs())
    ['16 eigenfunctions of eigenvalue 1 compete for 2 places: risks are the worst over all minimisers.']
    """
    found, process, solution = [], asked.process, asked.solution
    for what in ("views", "inputs"):
        dropped = getattr(process, f"dropped_{what}", ())
        if dropped:
            found.append(f"{len(dropped)} {what} of probability zero were dropped: {', '.join(map(str, dropped))}.")
    if (zero := asked.dim - solution.rank) > 0:
        found.append(
            f"d = {asked.dim} is beyond the rank {solution.rank} of Sigma: {zero} columns of a minimiser are zero."
        )
    if solution.tie is not None and asked.weights is None:
        size, kept, value = solution.tie
        tied = f"{size} eigenfunctions of eigenvalue {value:.6g} compete for {kept} places"
        found.append(f"{tied}: risks are the worst over all minimisers.")
    return found


def check_names(spec: Mapping[str, Any]) -> None:
    """Refuse a problem whose parts are missing or have entries that nothing knows; nothing is computed.

    Raises:
        InputError: an entry or a type that is unknown, or one that is missing.

    Source: ours.

    >>> check_names({"dim": 1, "process": {"type": "Circle", "noise": 0.1}, "features": {"type": "Linear"}})
    """
    for entry in spec:
        chosen(entry, TOP, owner="problem file", what="entry")
    require(
        "dim" in spec,
        "problem file: dim, the dimension of the representation, is missing; add a whole number of at least 1.",
    )
    parts = {"process": PROCESSES, "features": FEATURES, **({"labels": LABELS} if "labels" in spec else {})}
    for what, known in parts.items():
        part = {k: v for k, v in section(spec, what).items() if (what, k) != ("process", "levels")}
        part = {"type": "Table", **part} if what == "labels" and "values" in part else part
        _needs(part, known, what)


def _made(part: Mapping[str, Any], known: Mapping[str, Entry], what: str) -> Any:
    name, given = _needs(part, known, what)
    return built(known[name][0], given, owner=name)


def _needs(part: Mapping[str, Any], known: Mapping[str, Entry], what: str) -> tuple[str, dict[str, Any]]:
    """The type that a table names, and its other entries, all of them known and none missing."""
    if "type" not in part:
        raise InputError(
            f"problem file: [{what}] has no type, but one is needed; write type = one of {', '.join(known)}."
        )
    name = chosen(part["type"], known, owner=f"problem file: [{what}]", what="type")
    _, needed, optional = known[name]
    return name, arguments(part, owner=name, needed=needed, optional=optional)
