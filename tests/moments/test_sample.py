"""Sample moments: their definition, their errors, and a million pairs against the closed form."""

import jax
import numpy as np
import pytest

from linrep import InputError, features, labels, moments
from linrep.moments import _sample
from linrep.processes import HypercubeScaling, Uniform
from tests.tolerances import rounding_budget, standard_errors, sum_budget

PROCESS = HypercubeScaling(4, 2)
MATRICES = ("sigma", "sigma_bar", "cross", "mean")


def sample(n: int, seed: int = 0):
    return PROCESS.sample_pairs(jax.random.key(seed), n)


@pytest.mark.parametrize("targets", ["real", "classes"])
def test_moments_and_errors_are_those_of_the_terms(targets):
    inputs, views, positives = sample(50)
    given = views[:, 0] * 0.5 + inputs[:, 1] if targets == "real" else (inputs[:, 0] + 1).astype(int)
    m = moments.empirical(views, positives, features.Affine(), given)
    phi, psi = features.Affine()(views), features.Affine()(positives)
    y = given if targets == "real" else np.eye(3)[given]
    terms = {
        "sigma": np.array([np.outer(a, a) + np.outer(b, b) for a, b in zip(phi, psi, strict=True)]) / 2,
        "sigma_bar": np.array([np.outer(a, b) + np.outer(b, a) for a, b in zip(phi, psi, strict=True)]) / 2,
        "mean": (phi + psi) / 2,
        "cross": np.array([np.multiply.outer((a + b) / 2, t) for a, b, t in zip(phi, psi, y, strict=True)]),
    }
    for name, values in terms.items():
        size = max(1.0, np.max(np.abs(values)) ** 2)
        assert np.max(np.abs(getattr(m, name) - values.mean(axis=0))) <= sum_budget(50, size)
        errors = values.std(axis=0, ddof=1) / np.sqrt(50)
        # variances are differences of squares: their rounding, sum_budget, enters the root
        assert np.max(np.abs(getattr(m, f"{name}_error") ** 2 - errors**2)) <= sum_budget(50, size)
    assert m.count == 50
    assert abs(m.label_sq - np.sum(y**2) / 50) <= sum_budget(50, 9.0)
    assert np.max(np.abs(m.label_mean - y.mean(axis=0))) <= sum_budget(50, 3.0)


def test_chunks_do_not_matter(monkeypatch):
    inputs, views, positives = sample(101)
    whole = moments.empirical(views, positives, features.Linear(), inputs[:, 0])
    monkeypatch.setattr(_sample, "CHUNK_ENTRIES", 4 * 7)
    parts = moments.empirical(views, positives, features.Linear(), inputs[:, 0])
    for name in MATRICES:
        assert np.max(np.abs(getattr(whole, name) - getattr(parts, name))) <= sum_budget(101)


def deviations(process, batches: int, size: int, truth) -> tuple[dict, dict]:
    """Distance of the averaged sample moments of independent batches from `truth`, and their standard errors."""
    parts = []
    for batch in range(batches):
        inputs, views, positives = process.sample_pairs(jax.random.key(batch), size)
        parts.append(moments.empirical(views, positives, features.Linear(), inputs[:, 0]))
    gaps, errors = {}, {}
    for name in MATRICES:
        gaps[name] = np.abs(np.mean([getattr(m, name) for m in parts], axis=0) - getattr(truth, name))
        errors[name] = np.sqrt(np.mean([getattr(m, f"{name}_error") ** 2 for m in parts], axis=0) / batches)
    return gaps, errors


def test_a_million_pairs_of_example_1_lie_within_their_standard_errors():
    process = HypercubeScaling(50, 10, Uniform(0, 1))
    truth = moments.population(process, features.Linear(), labels.Coordinate(0))
    gaps, errors = deviations(process, 10, 100_000, truth)
    # 5,100 numbers (symmetric matrices counted twice): all within 7.4 standard errors with confidence 1 - 1e-9
    multiple = standard_errors(sum(g.size for g in gaps.values()))
    for name in MATRICES:
        assert np.all(gaps[name] <= multiple * errors[name] + rounding_budget(8))


def test_a_wrong_law_is_seen():
    process = HypercubeScaling(4, 2, Uniform(0, 1))
    truth = moments.population(HypercubeScaling(4, 2, Uniform(0.05, 1)), features.Linear(), labels.Coordinate(0))
    gaps, errors = deviations(process, 2, 20_000, truth)
    multiple = standard_errors(sum(g.size for g in gaps.values()))
    assert np.any(gaps["sigma_bar"] > multiple * errors["sigma_bar"] + rounding_budget(8))


def test_sample_and_population_moments_are_different_types():
    assert not issubclass(moments.SampleMoments, (moments.Moments, moments.RationalMoments, moments.StructuredMoments))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: moments.empirical(np.ones((3, 2)), np.ones((2, 2)), features.Linear()), "equal shape"),
        (lambda: moments.empirical(np.ones((1, 2)), np.ones((1, 2)), features.Linear()), "at least two pairs"),
        (lambda: moments.empirical(np.ones((3, 2)), np.ones((3, 2)), features.OneHot()), "OneHot"),
        (lambda: moments.empirical(np.ones((3, 2)), np.ones((3, 2)), features.Linear(), [1, 2]), "2 labels"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_sample_moments_beyond_float64_are_refused():
    views = np.full((2, 1), 1e200)
    with pytest.raises(InputError, match="rescale the views"), np.errstate(over="ignore", invalid="ignore"):
        moments.empirical(views, views, features.Linear())


def test_features_must_be_a_feature_map():
    for call in (
        lambda: moments.empirical([[1.0]] * 2, [[1.0]] * 2, None),
        lambda: moments.accumulate([([[1.0]], [[1.0]])], "x"),
    ):
        with pytest.raises(InputError, match="a feature map is needed"):
            call()
