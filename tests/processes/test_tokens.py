"""Token sampling and dropping against the list of all token sequences and of all subsets of tokens."""

import itertools
from collections import defaultdict
from fractions import Fraction

import jax
import numpy as np
import pytest
import scipy.sparse
import scipy.special

from linrep import InputError, features, moments
from linrep.processes import TokenDropping, TokenSampling
from tests.tolerances import frequency_budget, rounding

COUNTS = np.array([[2, 1, 0], [0, 1, 2], [1, 0, 0], [3, 0, 1]])
PRIOR = [1, 2, 3, 4]
RHO = Fraction(1, 3)


def tokens_of(row):
    return [v for v, count in enumerate(row) for _ in range(count)]


def sampled(row, length):
    """Every sequence of tokens, one by one."""
    law = defaultdict(Fraction)
    tokens = tokens_of(row)
    for drawn in itertools.product(tokens, repeat=length):
        law[tuple(Fraction(drawn.count(v), length) for v in range(len(row)))] += Fraction(1, len(tokens) ** length)
    return law


def dropped(row, rho, relative):
    """Every subset of tokens, one by one."""
    law, tokens = defaultdict(Fraction), tokens_of(row)
    for mask in itertools.product([0, 1], repeat=len(tokens)):
        kept = [t for t, keep in zip(tokens, mask, strict=True) if keep]
        if relative and not kept:
            continue
        size = len(kept) if relative else rho * len(tokens)
        law[tuple(kept.count(v) / Fraction(size) for v in range(len(row)))] += rho ** len(kept) * (1 - rho) ** (
            len(tokens) - len(kept)
        )
    total = sum(law.values())
    return {view: weight / total for view, weight in law.items() if weight}


def bayes_error(laws, prior):
    views = {view for law in laws for view in law}
    joint = [{view: Fraction(p, sum(prior)) * w for view, w in law.items()} for law, p in zip(laws, prior, strict=True)]
    return 1 - sum((max(law.get(view, Fraction(0)) for law in joint) for view in views), Fraction(0))


CASES = [
    (TokenSampling(COUNTS, 1, PRIOR), [sampled(row, 1) for row in COUNTS]),
    (TokenSampling(scipy.sparse.csr_array(COUNTS), 3, PRIOR), [sampled(row, 3) for row in COUNTS]),
    (TokenDropping(COUNTS, RHO, prior=PRIOR), [dropped(row, RHO, False) for row in COUNTS]),
    (TokenDropping(COUNTS, RHO, relative=True, prior=PRIOR), [dropped(row, RHO, True) for row in COUNTS]),
    (TokenDropping(COUNTS, 1, prior=PRIOR), [dropped(row, Fraction(1), False) for row in COUNTS]),
]


@pytest.mark.parametrize(("process", "laws"), CASES)
def test_tables_list_every_view(process, laws):
    table = process.finite()
    views = [tuple(map(Fraction, view)) for view in table.views.tolist()]
    channel = table.weights.channel_fractions()
    for row, law in zip(channel, laws, strict=True):
        assert {view: weight for view, weight in zip(views, row, strict=True) if weight} == law
    assert process.identification_error == bayes_error(laws, PRIOR)
    assert (process.disjoint, process.n_components) == (table.disjoint, table.n_components)
    assert process.support_size() >= sum(map(len, laws))


@pytest.mark.parametrize(
    ("counts", "disjoint", "components"),
    [([[1, 0, 0], [0, 1, 1]], True, 2), ([[1, 1, 0], [0, 0, 2], [0, 1, 0]], False, 2), ([[1, 1], [2, 2]], False, 1)],
)
def test_graph_of_documents_and_tokens(counts, disjoint, components):
    for process in (TokenSampling(counts, 2), TokenDropping(counts, 0.5, relative=True)):
        assert (process.disjoint, process.n_components) == (disjoint, components)
    assert TokenDropping(counts, 0.5).n_components == 1
    assert not TokenDropping(counts, 0.5).disjoint
    assert TokenDropping(counts, 1).n_components == len({tuple(np.array(c) / sum(c)) for c in counts})


@pytest.mark.parametrize(("process", "laws"), CASES)
def test_sampled_views_follow_the_law(process, laws):
    draws = 20_000
    inputs, first, second = process.sample_pairs(jax.random.key(1), draws)
    assert np.all((inputs[:, None] == COUNTS).all(axis=2).any(axis=1))
    law = defaultdict(float)
    for p, given in zip(PRIOR, laws, strict=True):
        for view, weight in given.items():
            law[tuple(np.round(np.array(view, dtype=float), 9).tolist())] += p / sum(PRIOR) * float(weight)
    probabilities, place = np.array(list(law.values())), {view: k for k, view in enumerate(law)}
    for views in (first, second):
        seen = np.zeros(len(law))
        for view in np.round(views, 9):
            seen[place[tuple(view.tolist())]] += 1 / draws
        assert np.all(np.abs(seen - probabilities) <= frequency_budget(probabilities, draws))


def test_covariances_of_the_theory():
    counts, n, q = np.array([[2, 1, 1]]), 4, np.array([0.5, 0.25, 0.25])
    spread, rho = np.diag(q) - np.outer(q, q), 0.3
    chance = [scipy.special.comb(n, m) * rho**m * (1 - rho) ** (n - m) for m in range(1, n + 1)]
    shrink = sum(c * (n - m) / (m * (n - 1)) for m, c in enumerate(chance, start=1)) / sum(chance)
    for process, expected in [
        (TokenSampling(counts, 5), spread / 5),
        (TokenDropping(counts, rho), (1 - rho) / (rho * n) * np.diag(q)),
        (TokenDropping(counts, rho, relative=True), shrink * spread),
        (TokenDropping(counts, 1), np.zeros((3, 3))),
        (TokenDropping(counts, 1, relative=True), np.zeros((3, 3))),
    ]:
        found = moments.population(process, features.Linear())
        assert np.max(np.abs(found.sigma - found.sigma_bar - expected)) <= rounding(30)
        assert np.max(np.abs(found.mean - q)) <= rounding(4)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TokenSampling([[1, 0], [0, 0]], 1), r"document \[1\] has no token"),
        (lambda: TokenSampling([[1, -1]], 1), "whole number of at least 0"),
        (lambda: TokenSampling([[1.5]], 1), "whole number of at least 0"),
        (lambda: TokenSampling([["a"]], 1), "not numbers"),
        (lambda: TokenSampling([1, 2], 1), "documents by tokens"),
        (lambda: TokenSampling([[1]], 0), "length is 0"),
        (lambda: TokenDropping([[1]], 0), "above 0"),
        (lambda: TokenDropping([[1]], 1.1), "above 0"),
        (lambda: TokenDropping([[1]], 0.5, prior=[1, 1]), "one weight an input"),
        (lambda: TokenDropping([[1], [2]], 0.5, prior=[1, 0]), "prior of input 1 is 0"),
        (lambda: TokenDropping([[1] * 40], 0.5).finite(), "finite"),
        (lambda: moments.population(TokenSampling([[1], [2]], 1), features.Linear(), [1]), "1 labels were given"),
        (lambda: TokenSampling([[1], [1, 2]], 2), "rectangular"),
        (lambda: TokenSampling([[1e30]], 1), "below 2\\^53"),
        (lambda: TokenDropping(np.ones((2, 5000), dtype=int), 0.5).finite(), "about 10\\^1509 pairs"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
