"""The number types over which a formula is evaluated. A formula uses the operators + - * / ** and these functions."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import jax.numpy as jnp
import numpy as np
import sympy

Scalar = Any
"""A number of whatever field a formula is evaluated over."""


class Field(Protocol):
    """What a formula may ask of its numbers besides arithmetic. Source: ours.

    >>> float(FLOAT.sqrt(4.0))
    2.0
    """

    @property
    def name(self) -> str:
        """How the field is called."""
        ...

    def sqrt(self, x: Scalar) -> Scalar:
        """The non-negative square root."""
        ...

    def minimum(self, x: Scalar, y: Scalar) -> Scalar:
        """The smaller of two numbers."""
        ...

    def maximum(self, x: Scalar, y: Scalar) -> Scalar:
        """The larger of two numbers."""
        ...

    def exp(self, x: Scalar) -> Scalar:
        """e to the power x."""
        ...

    def log(self, x: Scalar) -> Scalar:
        """The natural logarithm of a positive number."""
        ...

    def sinh(self, x: Scalar) -> Scalar:
        """The hyperbolic sine."""
        ...

    def cosh(self, x: Scalar) -> Scalar:
        """The hyperbolic cosine."""
        ...

    def ratio(self, numerator: int, denominator: int) -> Scalar:
        """An exact constant."""
        ...


@dataclass(frozen=True)
class FloatField:
    """float64 numbers and arrays, through NumPy. Source: ours.

    >>> float(FloatField().minimum(1.0, 2.0))
    1.0
    """

    name: str = "float"

    def sqrt(self, x: Scalar) -> Scalar:
        return np.sqrt(x)

    def minimum(self, x: Scalar, y: Scalar) -> Scalar:
        return np.minimum(x, y)

    def maximum(self, x: Scalar, y: Scalar) -> Scalar:
        return np.maximum(x, y)

    def exp(self, x: Scalar) -> Scalar:
        return np.exp(x)

    def log(self, x: Scalar) -> Scalar:
        return np.log(x)

    def sinh(self, x: Scalar) -> Scalar:
        return np.sinh(x)

    def cosh(self, x: Scalar) -> Scalar:
        return np.cosh(x)

    def ratio(self, numerator: int, denominator: int) -> Scalar:
        return numerator / denominator


@dataclass(frozen=True)
class JaxField:
    """JAX arrays: batched and differentiable. Source: ours.

    >>> float(JaxField().sqrt(9.0))
    3.0
    """

    name: str = "jax"

    def sqrt(self, x: Scalar) -> Scalar:
        return jnp.sqrt(x)

    def minimum(self, x: Scalar, y: Scalar) -> Scalar:
        return jnp.minimum(x, y)

    def maximum(self, x: Scalar, y: Scalar) -> Scalar:
        return jnp.maximum(x, y)

    def exp(self, x: Scalar) -> Scalar:
        return jnp.exp(x)

    def log(self, x: Scalar) -> Scalar:
        return jnp.log(x)

    def sinh(self, x: Scalar) -> Scalar:
        return jnp.sinh(x)

    def cosh(self, x: Scalar) -> Scalar:
        return jnp.cosh(x)

    def ratio(self, numerator: int, denominator: int) -> Scalar:
        return numerator / denominator


@dataclass(frozen=True)
class FractionField:
    """Exact rational numbers; a square root that is not rational is refused. Source: ours.

    >>> FractionField().sqrt(Fraction(9, 4))
    Fraction(3, 2)
    """

    name: str = "fraction"

    def sqrt(self, x: Scalar) -> Fraction:
        value = Fraction(x)
        root = Fraction(sympy.integer_nthroot(value.numerator, 2)[0], sympy.integer_nthroot(value.denominator, 2)[0])
        if root * root != value:
            raise ArithmeticError(
                f"the square root of {value} is not rational; evaluate this formula over another field."
            )
        return root

    def minimum(self, x: Scalar, y: Scalar) -> Scalar:
        return min(x, y)

    def maximum(self, x: Scalar, y: Scalar) -> Scalar:
        return max(x, y)

    def exp(self, x: Scalar) -> Fraction:
        return _only_at(x, 0, 1, "exp")

    def log(self, x: Scalar) -> Fraction:
        return _only_at(x, 1, 0, "log")

    def sinh(self, x: Scalar) -> Fraction:
        return _only_at(x, 0, 0, "sinh")

    def cosh(self, x: Scalar) -> Fraction:
        return _only_at(x, 0, 1, "cosh")

    def ratio(self, numerator: int, denominator: int) -> Fraction:
        return Fraction(numerator, denominator)


def _only_at(x: Scalar, place: int, value: int, name: str) -> Fraction:
    """The one rational point at which an elementary function has a rational value (Lindemann)."""
    if x != place:
        raise ArithmeticError(f"{name}({x}) is not rational; evaluate this formula over another field.")
    return Fraction(value)


@dataclass(frozen=True)
class SymbolicField:
    """SymPy expressions, for display and for closed forms. Source: ours.

    >>> SymbolicField().sqrt(sympy.Integer(4))
    2
    """

    name: str = "sympy"

    def sqrt(self, x: Scalar) -> sympy.Expr:
        return sympy.sqrt(x)

    def minimum(self, x: Scalar, y: Scalar) -> sympy.Expr:
        return sympy.Min(x, y)

    def maximum(self, x: Scalar, y: Scalar) -> sympy.Expr:
        return sympy.Max(x, y)

    def exp(self, x: Scalar) -> sympy.Expr:
        return sympy.exp(x)

    def log(self, x: Scalar) -> sympy.Expr:
        return sympy.log(x)

    def sinh(self, x: Scalar) -> sympy.Expr:
        return sympy.sinh(x)

    def cosh(self, x: Scalar) -> sympy.Expr:
        return sympy.cosh(x)

    def ratio(self, numerator: int, denominator: int) -> sympy.Rational:
        return sympy.Rational(numerator, denominator)


FLOAT = FloatField()
"""Python and NumPy floats."""
JAX = JaxField()
"""JAX arrays, traced ones included."""
FRACTION = FractionField()
"""Rational numbers."""
SYMBOLIC = SymbolicField()
"""SymPy expressions."""
