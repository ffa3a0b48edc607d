"""Laws of the scale: moments by another route, samplers, discrete versions, refusals."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import scipy.stats

from linrep import InputError
from linrep.processes import Beta, Discrete, Uniform
from tests.tolerances import rounding_budget, standard_errors

HALF = Fraction(1, 2)
DENSITIES = [
    (Uniform(0, 1), scipy.stats.uniform(0, 1)),
    (Uniform(HALF, 3), scipy.stats.uniform(0.5, 2.5)),
    (Uniform(0.25, 0.75), scipy.stats.uniform(0.25, 0.5)),
    (Beta(2, 3), scipy.stats.beta(2, 3)),
    (Beta(1.5, 2.25), scipy.stats.beta(1.5, 2.25)),
]


@pytest.mark.parametrize(("law", "density"), DENSITIES[:-1])  # smooth densities, on which quadrature converges fast
@pytest.mark.parametrize("order", range(6))
def test_moments_agree_with_quadrature(law, density, order):
    low, high = density.support()
    value, error = scipy.integrate.quad(lambda t: t**order * density.pdf(t), low, high)
    # quad's error estimate, plus the rounding of the density itself (a few operations, integrated over a unit mass)
    assert abs(float(law.moment(order)) - value) <= error + rounding_budget(64, max(1.0, high**order))


@pytest.mark.parametrize("order", range(6))
def test_beta_moments_agree_with_beta_functions(order):
    expected = scipy.special.beta(1.5 + order, 2.25) / scipy.special.beta(1.5, 2.25)
    assert abs(float(Beta(1.5, 2.25).moment(order)) - expected) <= rounding_budget(64)


def test_moments_are_exact_where_the_law_is():
    assert Uniform(0, 1).moment(7) == Fraction(1, 8)
    assert Uniform(HALF, 2).moment(1) == Fraction(5, 4)
    assert Beta(2, 3).moment(2) == Fraction(2 * 3, 5 * 6)
    assert Discrete([0, HALF, 1], [1, 2, 1]).moment(2) == Fraction(3, 8)
    assert all(isinstance(law.moment(3), Fraction) for law in (Uniform(0, 1), Beta(1, HALF), Discrete([2], [5])))
    assert isinstance(Uniform(0.0, 1.0).moment(3), float)
    assert isinstance(Discrete([0.5, 1], [1, 1]).moment(1), float)


def test_shared_moments_give_the_eigenvalue_of_example_1():
    ratios = [Uniform(0, 1).moment(j) ** 2 / Uniform(0, 1).moment(2 * j) for j in range(5)]
    assert ratios == [Fraction(2 * j + 1, (j + 1) ** 2) for j in range(5)]


@pytest.mark.parametrize("law", [law for law, _ in DENSITIES])
def test_discrete_version_is_equally_likely_midpoint_quantiles(law):
    atoms = law.discrete(5)
    density = next(d for other, d in DENSITIES if other is law)
    places = density.cdf(np.array([float(v) for v in atoms.values]))
    assert set(atoms.weights) == {Fraction(1, 5)}
    slope = max(1.0, float(np.max(density.pdf(np.array([float(v) for v in atoms.values])))))
    assert np.max(np.abs(places - (2 * np.arange(5) + 1) / 10)) <= rounding_budget(256, slope)


def test_discrete_laws_merge_and_drop():
    law = Discrete([1, 0, 1, 2], [1, 2, 3, 0])
    assert (law.values, law.weights) == ((0, 1), (Fraction(1, 3), Fraction(2, 3)))
    assert law.mass_at_zero == Fraction(1, 3)
    assert law.discrete(99) is law
    assert Discrete([1, 2], [0.25, 0.75]).weights == (0.25, 0.75)


def test_only_atoms_have_mass_at_zero():
    assert Uniform(0, 1).mass_at_zero == Beta(1, 1).mass_at_zero == Discrete([1], [1]).mass_at_zero == 0


@pytest.mark.parametrize("law", [*(law for law, _ in DENSITIES), Discrete([0, 1, 3], [1, 1, 2])])
def test_samples_have_the_moments_of_the_law(law):
    values = law.sample(np.random.default_rng(0), (20_000, 2)).ravel()
    assert values.min() >= 0
    for order in (1, 2):
        spread = float(law.moment(2 * order) - law.moment(order) ** 2)
        error = np.sqrt(spread / values.size)
        assert abs(np.mean(values**order) - float(law.moment(order))) <= standard_errors(2) * error


def test_a_uniform_scale_is_never_zero():
    class Extreme(np.random.Generator):
        def random(self, size=None, dtype=np.float64, out=None):
            return np.array([0.0, np.nextafter(1.0, 0.0)])

    assert Uniform(0, 1).sample(Extreme(np.random.PCG64(0)), (2,)).min() > 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Uniform(1, 1), "0 <= low < high"),
        (lambda: Uniform(-1, 1), "0 <= low < high"),
        (lambda: Uniform(0, float("inf")), "finite"),
        (lambda: Uniform(0, True), "finite number"),
        (lambda: Beta(0, 1), "alpha is 0"),
        (lambda: Beta(1, "x"), "beta is 'x'"),
        (lambda: Discrete([1, -1], [1, 1]), "negative"),
        (lambda: Discrete([1, 2], [1]), "one weight a value"),
        (lambda: Discrete([], []), "at least one"),
        (lambda: Discrete([1, 2], [1, -1]), "negative"),
        (lambda: Discrete([1, 2], [0, 0]), "sum to 0"),
        (lambda: Discrete([1, 2], [0.5, 0.6]), "sum to 1"),
        (lambda: Discrete([1, 2], [HALF, Fraction(1, 3)]), "sum to 5/6"),
        (lambda: Uniform(0, 1).discrete(0), "levels is 0"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        make()
