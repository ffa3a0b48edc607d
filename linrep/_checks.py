"""Checks of what a caller hands in: every refusal is one sentence that names the object, the value and the remedy."""

import math
import numbers
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np


class InputError(ValueError):
    """An argument that cannot be used, told in one sentence (object, argument, value seen, requirement, remedy).

    Source: ours.

    >>> require(1 + 1 == 3, "sum: 1 + 1 is 2, but 3 is required; count again.")
    Traceback (most recent call last):
    linrep._checks.InputError: sum: 1 + 1 is 2, but 3 is required; count again.
    """


def require(condition: Any, sentence: str) -> None:
    """Raise `InputError(sentence)` unless `condition` holds."""
    if not condition:
        raise InputError(sentence)


def positive_int(value: Any, *, owner: str, name: str) -> int:
    """The value as an int, at least 1; booleans and non-integers are refused."""
    integral = isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_))
    require(
        integral and int(value) >= 1,
        f"{owner}: {name} is {value!r}, but it must be a whole number of at least 1; pass such a number.",
    )
    return int(value)


def finite_array(value: Any, *, owner: str, name: str, ndim: tuple[int, ...] = (1, 2)) -> np.ndarray:
    """The value as a float64 array of one of the given numbers of axes, without NaN or infinity."""
    try:
        given = np.asarray(value)
        if given.dtype.kind not in "biufcO":  # NumPy would read the numbers that texts spell
            raise TypeError(f"its entries are of type {given.dtype}")
        array = np.real(given).astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{owner}: {name} is not an array of numbers ({error}); pass a rectangular array.") from error
    require(
        not np.iscomplexobj(value),
        f"{owner}: {name} has complex entries, but real numbers are needed; pass their real parts if that is meant.",
    )
    require(
        array.ndim in ndim,
        f"{owner}: {name} has shape {array.shape}, but it must have {' or '.join(map(str, ndim))} axes; reshape it.",
    )
    bad = np.argwhere(~np.isfinite(array))
    require(
        bad.size == 0,
        f"{owner}: {name} has a non-finite entry at index {bad[0].tolist() if bad.size else ''}, "
        "but every entry must be finite; remove or replace it.",
    )
    return array


def probability(value: Any, *, owner: str, name: str) -> float:
    """The value as a float in [0, 1]."""
    ok = isinstance(value, numbers.Real) and math.isfinite(float(value)) and 0 <= float(value) <= 1
    require(ok, f"{owner}: {name} is {value!r}, but it must be a number between 0 and 1; pass such a number.")
    return float(value)


def require_x64(owner: str) -> None:
    """Refuse to compute in single precision: the theory is evaluated in float64 and the switch is the user's."""
    require(
        jax.config.jax_enable_x64,  # pyright: ignore[reportAttributeAccessIssue]
        f"{owner}: JAX is in 32-bit mode, but linrep computes in float64; call "
        "jax.config.update('jax_enable_x64', True) first, or set JAX_ENABLE_X64=1.",
    )


def key_words(key: jax.Array) -> tuple[int, ...]:
    """A JAX random key, of the new kind or the old, as whole numbers."""
    require(
        hasattr(key, "dtype"),
        f"random numbers: key is {key!r}, but it must be a JAX random key; pass jax.random.key(0), say.",
    )
    data = key if jnp.issubdtype(key.dtype, jnp.integer) else jax.random.key_data(key)
    return tuple(np.asarray(data).astype(np.uint32).ravel().tolist())


def generator(key: jax.Array) -> np.random.Generator:
    """A NumPy generator that is a pure function of a JAX random key."""
    return np.random.default_rng(key_words(key))
