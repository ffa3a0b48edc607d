"""Expectations of monomials of a view, and of a positive pair, for processes whose coordinates have closed forms.

For all of them E[x^e x'^f] vanishes unless e and f have the same odd coordinates: Sigma and Sigma_bar are
block-diagonal.
"""

import abc
import functools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linrep._types import Rational
from linrep.moments._coded import Coded, ProductCodes
from linrep.moments._monomials import Monomials
from linrep.processes import AbstractProcess, GaussianNoise, HypercubeFlip, HypercubeScaling


class AbstractKernel(abc.ABC):
    """The expectations that moments of monomials are made of; `members` are places in the list of monomials."""

    names: Monomials

    @property
    @abc.abstractmethod
    def first(self) -> Coded:
        """m(e) with E[x^e y] = m(e) times the coefficient of y on the odd coordinates of e (multilinear y), (N,)."""

    @abc.abstractmethod
    def sigma_diagonal(self, members: np.ndarray) -> Coded:
        """E (x^e)^2 of some monomials, (b,)."""

    @abc.abstractmethod
    def sigma_block(self, members: np.ndarray) -> Coded:
        """E x^e x^f of monomials with the same odd coordinates, (b, b)."""

    @abc.abstractmethod
    def bar_diagonal(self, members: np.ndarray) -> Coded:
        """E x^e x'^e over positive pairs, (b,)."""

    @abc.abstractmethod
    def bar_block(self, members: np.ndarray) -> Coded:
        """E x^e x'^f over positive pairs, (b, b)."""


class AbstractCubeKernel(AbstractKernel):
    """On the hypercube x_i = input_i m_i with multipliers m free of the input: E[x^e x'^f] = E[m^e] E[m^f]."""

    def bar_diagonal(self, members: np.ndarray) -> Coded:
        return self.first[members].squares()

    def bar_block(self, members: np.ndarray) -> Coded:
        return self.first[members].outer()


@dataclass(frozen=True, eq=False)
class SharedScaleKernel(AbstractCubeKernel):
    """One scale a view: E m^e = E tau^j, j = the total power of the rescaled coordinates."""

    process: HypercubeScaling
    names: Monomials

    @functools.cached_property
    def first(self) -> Coded:
        return Coded(self._totals, self._moments[: self.names.degree + 1])

    def sigma_diagonal(self, members: np.ndarray) -> Coded:
        return Coded(2 * self._totals[members], self._moments)

    def sigma_block(self, members: np.ndarray) -> Coded:
        totals = self._totals[members]
        return Coded(totals[:, None] + totals[None, :], self._moments)

    @functools.cached_property
    def _totals(self) -> np.ndarray:
        return np.where(self.names.runs >= self.process.relevant, self.names.powers, 0).sum(axis=1)

    @functools.cached_property
    def _moments(self) -> list[Rational]:
        return [self.process.scale.moment(j) for j in range(2 * self.names.degree + 1)]


@dataclass(frozen=True, eq=False)
class IndependentScaleKernel(AbstractCubeKernel):
    """One scale a coordinate: E m^e = prod over rescaled coordinates of E tau^(e_i)."""

    process: HypercubeScaling
    names: Monomials

    @functools.cached_property
    def first(self) -> Coded:
        return self._products(self._rescaled, np.zeros_like(self._rescaled))

    def sigma_diagonal(self, members: np.ndarray) -> Coded:
        return self._products(self._rescaled[members], self._rescaled[members])

    def sigma_block(self, members: np.ndarray) -> Coded:
        table, coordinates = self.names.exponents(members)
        powers = table[:, coordinates >= self.process.relevant]
        return self._products(powers[:, None, :], powers[None, :, :])

    @functools.cached_property
    def _rescaled(self) -> np.ndarray:
        return np.where(self.names.runs >= self.process.relevant, self.names.powers, 0)

    @functools.cached_property
    def _products(self) -> ProductCodes:
        return ProductCodes(self.names.degree, lambda e, f: self.process.scale.moment(e + f), lambda e, f: (e + f,))


@dataclass(frozen=True, eq=False)
class FlipKernel(AbstractCubeKernel):
    """Random signs: E m^e = prod of rho_i over the odd coordinates of e, and m_i^2 = 1."""

    process: HypercubeFlip
    names: Monomials

    @functools.cached_property
    def first(self) -> Coded:
        rho, rhos, products = self.process.rho, self.process.rhos, []
        if not isinstance(rho, tuple):
            sizes = np.array([len(members) for members in self.names.odd_sets])
            return Coded(sizes[self.names.odd], [rho**k for k in range(self.names.degree + 1)])
        known: dict[tuple[int, ...], Rational] = {(): Fraction(1)}
        for members in self.names.odd_sets:
            products.append(_prefix_product(members, rhos, known))
        return Coded(self.names.odd, products)

    def sigma_diagonal(self, members: np.ndarray) -> Coded:
        return Coded(np.zeros(len(members), dtype=np.int64), [Fraction(1)])

    def sigma_block(self, members: np.ndarray) -> Coded:
        return Coded(np.zeros((len(members), len(members)), dtype=np.int64), [Fraction(1)])


@dataclass(frozen=True, eq=False)
class GaussianKernel(AbstractKernel):
    """Coordinates are independent standard normals, of correlation rho^2 in a positive pair, rho with the input."""

    process: GaussianNoise
    names: Monomials

    @functools.cached_property
    def first(self) -> Coded:
        rho = self.process.rho
        products = ProductCodes(self.names.degree, lambda e, f: normal_product(e, e % 2, rho), lambda e, f: (e,))
        return products(self.names.powers, np.zeros_like(self.names.powers))

    def sigma_diagonal(self, members: np.ndarray) -> Coded:
        return self._same(self.names.powers[members], self.names.powers[members])

    def bar_diagonal(self, members: np.ndarray) -> Coded:
        return self._pair(self.names.powers[members], self.names.powers[members])

    def sigma_block(self, members: np.ndarray) -> Coded:
        table, _ = self.names.exponents(members)
        return self._same(table[:, None, :], table[None, :, :])

    def bar_block(self, members: np.ndarray) -> Coded:
        table, _ = self.names.exponents(members)
        return self._pair(table[:, None, :], table[None, :, :])

    @functools.cached_property
    def _same(self) -> ProductCodes:
        return self._products(Fraction(1))

    @functools.cached_property
    def _pair(self) -> ProductCodes:
        return self._products(self.process.rho**2)

    def _products(self, correlation: Rational) -> ProductCodes:
        return ProductCodes(
            self.names.degree,
            lambda e, f: normal_product(e, f, correlation),
            lambda e, f: (min(e, f), max(e, f)),
        )


def kernel_of(process: AbstractProcess, names: Monomials) -> AbstractKernel:
    """The kernel of a process with closed forms on monomials."""
    if isinstance(process, HypercubeScaling):
        return (SharedScaleKernel if process.shared else IndependentScaleKernel)(process, names)
    if isinstance(process, HypercubeFlip):
        return FlipKernel(process, names)
    assert isinstance(process, GaussianNoise)
    return GaussianKernel(process, names)


def normal_product(left: int, right: int, correlation: Rational) -> Rational:
    """E x^left y^right for standard normals of the given correlation (Isserlis: k cross pairings)."""
    if (left + right) % 2:
        return Fraction(0)
    ways = range(left % 2, min(left, right) + 1, 2)
    terms = (
        math.factorial(k) * math.comb(left, k) * math.comb(right, k) * pairings(left - k) * pairings(right - k)
        * correlation**k
        for k in ways
    )  # fmt: skip
    return sum(terms, Fraction(0))


def pairings(count: int) -> int:
    """(count - 1)!!, the number of perfect matchings of an even count: E x^count of a standard normal."""
    return math.prod(range(1, count, 2))


def _prefix_product(
    members: tuple[int, ...], factors: tuple[Rational, ...], known: dict[tuple[int, ...], Rational]
) -> Rational:
    """The product of the factors in `members`; products of prefixes are remembered."""
    if members not in known:
        known[members] = _prefix_product(members[:-1], factors, known) * factors[members[-1]]
    return known[members]
