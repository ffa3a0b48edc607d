"""Batches agree with the scalar functions problem by problem, at ties and rank deficiency included."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import linrep as lr
from linrep import batched
from linrep import symbols as sym
from tests.tolerances import CLEAR, EPS, root_budget, spectral_budget

INPUTS, VIEWS, FEATURES, DIM = 4, 6, 3, 2


def tables(generator: np.random.Generator) -> np.ndarray:
    """Channels as integer weights: generic, disjoint, nearly disjoint, with two equal rows, with an unseen view."""
    generic = generator.integers(1, 5, (INPUTS, VIEWS))
    disjoint = (np.arange(VIEWS) % INPUTS == np.arange(INPUTS)[:, None]) * generator.integers(1, 4, VIEWS)
    tied, unseen = generic[[0, 0, 2, 3]], generic.copy()
    unseen[:, 2] = 0
    return np.stack([generic, disjoint, 50 * disjoint + generator.integers(0, 2, generic.shape), tied, unseen])


def sample(seed: int, *, one_hot: bool, weights: bool) -> tuple[batched.Batch, list[lr.Problem]]:
    """The same problems as a batch and one by one; the third feature depends on the others in every second problem."""
    generator = np.random.default_rng(seed)
    channel = tables(generator)
    count = len(channel)
    prior = np.concatenate([np.ones((2, INPUTS), int), generator.integers(1, 5, (count - 2, INPUTS))])
    prior[3, 1] = 0
    values = generator.integers(-3, 4, (count, VIEWS, FEATURES)).astype(float)
    values[::2, :, 2] = 2 * values[::2, :, 0]
    labels = generator.choice([-1, 1], (count, INPUTS))
    order = VIEWS if one_hot else FEATURES
    given = generator.integers(-3, 4, (count, order, DIM)).astype(float) if weights else None
    laws = prior / prior.sum(axis=1, keepdims=True), channel / channel.sum(axis=2, keepdims=True)
    batch = batched.Batch(*laws, None if one_hot else values, labels, dim=DIM, weights=given)
    problems = []
    for i in range(count):
        process = lr.processes.FiniteProcess(prior[i], channel[i])
        seen = [x for x in range(VIEWS) if x not in process.dropped_views]
        table = values[i][seen]
        features = lr.features.OneHot() if one_hot else lr.features.Custom(lambda views, table=table: table, FEATURES)
        matrix = None if given is None else given[i][seen] if one_hot else given[i]
        label = lr.labels.Table(labels[i], "sign")
        problems.append(lr.Problem(process, features, label, dim=DIM, weights=matrix))
    return batch, problems


L26 = lr.bounds.linrep26
QUICK = (L26.RISK_GAP_MEAN, L26.RISK_GAP_AUGMENTED, L26.SUBOPTIMAL_MEAN, L26.MARGIN_AUGMENTED, L26.VACUITY_THRESHOLD)
"""Few theorems compile in seconds: with and without an index, of both risks, of the vacuity budget."""


def test_some_bounds_agree_with_the_scalar_route():
    assert_agreement(QUICK, one_hot=False, weights=False)


@pytest.mark.slow
@pytest.mark.parametrize("one_hot", [False, True])
@pytest.mark.parametrize("weights", [False, True])
def test_every_bound_agrees_with_the_scalar_route(one_hot: bool, weights: bool):
    assert_agreement(batched.COVERED, one_hot=one_hot, weights=weights)


def assert_agreement(theorems: tuple[lr.bounds.Theorem, ...], *, one_hot: bool, weights: bool) -> None:
    batch, problems = sample(1, one_hot=one_hot, weights=weights)
    found = batched.evaluate(batch, theorems)
    compared = 0
    for theorem in theorems:
        row = found.bounds[theorem.key]
        for i, problem in enumerate(problems):
            scalar = lr.evaluate(theorem, problem)
            assert row.applies[i] == {True: 1, False: 0, None: -1}[scalar.applies]
            if scalar.value is None:
                continue
            # the scalar route states its own rounding error; ours is of the same size
            budget = 100 * (scalar.error + spectral_budget(problem) * (1 + abs(scalar.value)) / CLEAR)
            assert abs(row.value[i] - scalar.value) <= budget
            if not np.isnan(row.actual[i]) and scalar.index in (None, row.index[i]):
                truth = lr.actual(theorem, problem, index=scalar.index)
                assert abs(row.actual[i] - truth.upper) <= budget + 100 * truth.error
                compared += 1
    assert compared


def test_a_small_memory_changes_nothing():
    batch, problems = sample(2, one_hot=False, weights=False)
    whole = batched.quantities(batch, [sym.MEAN_RISK])[sym.MEAN_RISK]
    with pytest.raises(lr.InputError, match="raise memory"):
        batched.quantities(batch, [sym.MEAN_RISK], memory=1000)
    parts = batched.quantities(batch, [sym.MEAN_RISK], memory=40_000)[sym.MEAN_RISK]
    assert np.all(np.abs(parts - whole) <= np.array([spectral_budget(problem) for problem in problems]))


def test_gradients_are_those_of_finite_differences():
    tokens = (sym.BEST_AUGMENTED_RISK, sym.PREDICTED_ENERGY, sym.INCONSISTENCY, sym.MEAN_RISK)
    batch, _ = sample(3, one_hot=False, weights=False)
    arrays = batch.part(np.array([3]))
    assert arrays.features is not None
    move = np.random.default_rng(0).normal(size=arrays.features.shape)

    def along(t: jax.Array) -> jax.Array:
        shifted = arrays._replace(features=jnp.asarray(arrays.features) + t * move)
        return jnp.concatenate(batched.traced(shifted, batch.form, tokens))

    step = EPS ** (1 / 3)
    both = jax.jit(lambda t: jax.jvp(along, (t,), (1.0,)))
    slopes = both(0.0)[1]
    # a central difference with this step is off by about step^2 times the third derivative, below CLEAR here
    differences = (both(step)[0] - both(-step)[0]) / (2 * step)
    assert jnp.all(jnp.abs(slopes - differences) <= root_budget(VIEWS) + CLEAR**2)


def test_gradients_through_ties_are_finite():
    tokens = (sym.MEAN_RISK, sym.AUGMENTED_RISK, sym.PREDICTED_ENERGY, sym.MEAN_ENERGY)
    half = np.full((1, INPUTS), 1 / INPUTS)
    batch = batched.Batch(half, np.eye(INPUTS)[None], None, [[1, -1, 1, -1]], dim=DIM)
    arrays = batch.part(np.array([0]))

    def total(channel: jax.Array) -> jax.Array:
        found = batched.traced(arrays._replace(channel=channel), batch.form, tokens)
        return jnp.sum(jnp.stack([jnp.sum(x) for x in found]))

    assert jnp.all(jnp.isfinite(jax.jit(jax.grad(total))(jnp.asarray(arrays.channel))))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"prior": [[0.5, 0.6]]}, "sums to 1.1"),
        ({"prior": [[-0.5, 1.5]]}, "negative"),
        ({"labels": [[1, -1, 1]]}, "must have"),
        ({"dim": 0}, "dim is 0"),
    ],
)
def test_bad_batches_are_refused(change: dict, sentence: str):
    good = {"prior": [[0.5, 0.5]], "channel": np.eye(2)[None], "features": None, "labels": [[1, -1]], "dim": 1}
    with pytest.raises(lr.InputError, match=sentence):
        batched.Batch(**(good | change))


def test_what_is_not_covered_is_refused():
    batch, _ = sample(4, one_hot=False, weights=False)
    with pytest.raises(lr.InputError, match="choose from"):
        batched.evaluate(batch, [lr.bounds.arora19.MEAN_CLASSIFIER])
    with pytest.raises(lr.InputError, match="not computed"):
        batched.quantities(batch, [sym.MEAN_ERROR])
