"""Orthonormal bases and eigenvalues of many small matrices at once, with the batch along the last axis.

Rows and columns are unrolled or looped over; every operation runs along the batch, which is contiguous. The same code
serves one thousand problems on a processor and a million on an accelerator.
"""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp

from linrep._linalg import BACKWARD, EPS

HALVINGS = 60
"""Halvings of an interval: 2^-60 of the trace is below the rounding of the matrix."""


class Basis(NamedTuple):
    """An orthonormal basis of each column space, (m, D, B), zero columns for dependent ones; `condition` (B,) is an
    upper bound on the condition number of the independent columns, scaled to unit length."""

    columns: jax.Array
    condition: jax.Array


def product(left: jax.Array, right: jax.Array) -> jax.Array:
    """left right for every problem: (m, k, B) and (k, n, B) to (m, n, B)."""
    # A product and a sum, not unrolled: XLA keeps a sum, but would compute unrolled terms again for every reader.
    return jnp.sum(left[:, :, None] * right[None], axis=1)


def transposed(matrix: jax.Array) -> jax.Array:
    """The transpose of every matrix, (m, n, B) to (n, m, B)."""
    return jnp.swapaxes(matrix, 0, 1)


def orthonormal(matrix: jax.Array, tolerance: jax.Array | float = 0.0) -> Basis:
    """Modified Gram–Schmidt, twice, on the columns in their order: a column whose rest is within the rounding of it, or
    within the absolute `tolerance`, is dependent and gives a zero column.

    Orthogonalised twice, the rest of a dependent column is off by max(m, D) eps of its length, however ill-conditioned
    the columns before it are (Giraud, Langou and Rozložník, 2005). With Q = X S, X of unit columns, the condition of X
    is at most |X|_F |S|_F.
    """
    rows, order = matrix.shape[:2]
    size = jnp.sqrt(jnp.sum(matrix**2, axis=0))
    scaled = matrix / jnp.where(size > 0, size, 1.0)
    both = jnp.concatenate([scaled, jnp.broadcast_to(jnp.eye(order)[..., None], (order, *matrix.shape[1:]))])
    relative = BACKWARD * max(rows, order) * EPS
    found: list[jax.Array] = []
    for j in range(order):
        rest = both[:, j]
        for _ in range(2):
            for done in found:
                rest = rest - jnp.sum(done[:rows] * rest[:rows], axis=0) * done
        square = jnp.sum(rest[:rows] ** 2, axis=0)
        kept = square * jnp.maximum(size[j], 0.0) ** 2 > jnp.maximum(relative * size[j], tolerance) ** 2
        length = jnp.sqrt(jnp.where(kept, square, 1.0))
        found.append(jnp.where(kept, rest / length, 0.0))
    every = jnp.stack(found, axis=1)
    inverse = jnp.sum(every[rows:] ** 2, axis=(0, 1))
    return Basis(every[:rows], jnp.maximum(jnp.sqrt(order * inverse), 1.0))


def right_vectors(matrix: jax.Array) -> jax.Array:
    """V, (D, D, B), orthogonal, with the columns of `matrix` V orthogonal and of descending length."""
    gram = product(transposed(matrix), matrix)
    _, vectors = jnp.linalg.eigh(jnp.moveaxis(gram, 2, 0), symmetrize_input=False)
    return jnp.moveaxis(vectors, 0, 2)[:, ::-1]


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def largest(matrix: jax.Array, places: tuple[int, ...]) -> jax.Array:
    """The eigenvalues number `places` (from 0, descending) of positive semidefinite matrices, (n, n, B) to (P, B).

    Householder's tridiagonal form and bisection on Sturm counts (Givens, 1954): where few values and no vectors are
    needed this vectorises along the batch. 0 beyond the order. The derivative is v.T dA v, one of the directional ones
    in a tie.
    """
    order = matrix.shape[0]
    trace = jnp.sum(jnp.stack([matrix[i, i] for i in range(order)]), axis=0)
    diagonal, squares = _tridiagonal(matrix)
    wanted = jnp.array(places)[:, None]
    low = jnp.zeros((len(places), matrix.shape[2]))

    def halve(_: int, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        low, high = ends
        middle = (low + high) / 2
        above = order - _below(diagonal, squares, middle) > wanted
        return jnp.where(above, middle, low), jnp.where(above, high, middle)

    low, high = jax.lax.fori_loop(0, HALVINGS, halve, (low, low + trace))
    return jnp.where(wanted < order, (low + high) / 2, 0.0)


@largest.defjvp
def _largest_jvp(places: tuple[int, ...], primals: tuple, tangents: tuple) -> tuple[jax.Array, jax.Array]:
    (matrix,), (change,) = primals, tangents
    order = matrix.shape[0]
    values, vectors = jnp.linalg.eigh(jnp.moveaxis(matrix, 2, 0))
    turned = jnp.moveaxis(vectors, 0, 2)[:, ::-1]
    slopes = jnp.sum(turned * product(change, turned), axis=0)
    inside = [i if i < order else order for i in places]
    pad = jnp.zeros((1, matrix.shape[2]))
    every = jnp.concatenate([jnp.moveaxis(values, 0, 1)[::-1], pad])
    return every[jnp.array(inside)], jnp.concatenate([slopes, pad])[jnp.array(inside)]


def _tridiagonal(matrix: jax.Array) -> tuple[jax.Array, list[jax.Array]]:
    """The diagonal and the squares beside it of Householder's form."""
    rest, diagonal, squares = matrix, [], []
    while rest.shape[0] > 2:
        diagonal.append(rest[0, 0])
        column = rest[1:, 0]
        norm = jnp.sqrt(jnp.sum(column**2, axis=0))
        squares.append(norm**2)
        normal = column.at[0].add(jnp.where(column[0] < 0, -norm, norm))
        size = jnp.sum(normal**2, axis=0)
        normal = normal / jnp.sqrt(jnp.where(size > 0, size, 1.0))
        inner = rest[1:, 1:]
        image = 2 * jnp.sum(inner * normal[None], axis=1)
        image = image - jnp.sum(image * normal, axis=0) * normal
        rest = inner - normal[:, None] * image[None] - image[:, None] * normal[None]
    if rest.shape[0] == 2:
        squares.append(rest[1, 0] ** 2)
    return jnp.stack([*diagonal, *(rest[i, i] for i in range(rest.shape[0]))]), squares


def _below(diagonal: jax.Array, squares: list[jax.Array], at: jax.Array) -> jax.Array:
    """How many eigenvalues lie below each of the points, by the signs of the pivots of T - x."""
    pivot = diagonal[0] - at
    count = (pivot < 0).astype(jnp.int32)
    for i, square in enumerate(squares):
        # A pivot of zero is moved by far less than the rounding of the matrix (Kahan, 1966).
        safe = jnp.where(jnp.abs(pivot) < EPS**3, -(EPS**3), pivot)
        pivot = diagonal[i + 1] - at - square / safe
        count = count + (pivot < 0)
    return count
