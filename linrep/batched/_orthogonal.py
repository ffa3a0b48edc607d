"""Orthonormal bases and eigenvalues of many small matrices at once, with the batch along the last axis.

Rows and columns are unrolled or looped over; every operation runs along the batch, which is contiguous. The same code
serves one thousand problems on a processor and a million on an accelerator.
"""

import functools
import itertools
from typing import NamedTuple

import jax
import jax.numpy as jnp

from linrep._linalg import BACKWARD, EPS

HALVINGS = 60
"""Halvings of an interval: 2^-60 of the trace is below the rounding of the matrix."""

LARGEST_ROTATED = 8
"""Largest order that rotations diagonalise faster along the batch than LAPACK one matrix after the other."""

MOST_SWEEPS = 30
"""Sweeps of rotations after which what is left stays: 5 to 8 are needed."""


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
    """Gram–Schmidt, twice, on the columns in their order: a column whose rest is within the rounding of it, or within
    the absolute `tolerance`, is dependent and gives a zero column.

    Orthogonalised twice, the rest of a dependent column is off by max(m, D) eps of its length, however ill-conditioned
    the columns before it are (Giraud, Langou and Rozložník, 2005). With Q = X S, X of unit columns, the condition of X
    is at most |X|_F |S|_F.
    """
    rows, order = matrix.shape[:2]
    size = jnp.sqrt(jnp.sum(matrix**2, axis=0))
    relative = BACKWARD * max(rows, order) * EPS
    found: list[jax.Array] = []
    inverse: list[list[jax.Array]] = []
    for j in range(order):
        rest, taken = _off(matrix[:, j] / jnp.where(size[j] > 0, size[j], 1.0), found)
        square = jnp.sum(rest**2, axis=0)
        kept = square * size[j] ** 2 > jnp.maximum(relative * size[j], tolerance) ** 2
        scale = jnp.where(kept, 1 / jnp.sqrt(jnp.where(kept, square, 1.0)), 0.0)
        found.append(rest * scale)
        back = [-sum((taken[k] * inverse[k][i] for k in range(i, j)), jnp.zeros(())) * scale for i in range(j)]
        inverse.append([*back, scale])  # column j of S
    total = sum((entry**2 for column in inverse for entry in column), jnp.zeros(()))
    return Basis(jnp.stack(found, axis=1), jnp.maximum(jnp.sqrt(order * total), 1.0))


def _off(column: jax.Array, found: list[jax.Array]) -> tuple[jax.Array, list[jax.Array]]:
    """A column without its part along orthonormal ones, removed twice, and the coefficients of that part."""
    rest, taken = column, [jnp.zeros(()) for _ in found]
    for _ in range(2 if found else 0):
        inner = [jnp.sum(done * rest, axis=0) for done in found]
        rest = rest - sum((x * done for x, done in zip(inner, found, strict=True)), jnp.zeros(()))
        taken = [x + y for x, y in zip(taken, inner, strict=True)]
    return rest, taken


def right_vectors(matrix: jax.Array) -> jax.Array:
    """V, (D, D, B), orthogonal, with the columns of `matrix` V orthogonal and of descending length."""
    order = matrix.shape[1]
    if order <= LARGEST_ROTATED:
        return _rotated(matrix)
    gram = product(transposed(matrix), matrix)
    _, vectors = jnp.linalg.eigh(jnp.moveaxis(gram, 2, 0), symmetrize_input=False)
    return jnp.moveaxis(vectors, 0, 2)[:, ::-1]


def _rotated(matrix: jax.Array) -> jax.Array:
    """V by sweeps of plane rotations that make two columns orthogonal (Hestenes, 1958), the longer one first.

    A sweep that meets no inner product above the rounding of the matrix is the last one: what it leaves is of the
    square of what it met.
    """
    rows, order = matrix.shape[:2]
    rounding = EPS * jnp.sum(matrix**2, axis=(0, 1))
    turned = jnp.concatenate([matrix, jnp.broadcast_to(jnp.eye(order)[..., None], (order, *matrix.shape[1:]))])

    def sweep(before: tuple) -> tuple:
        columns, skew = list(before[0]), jnp.zeros(rounding.shape, bool)
        for p, q in itertools.combinations(range(order), 2):
            x, y = columns[p], columns[q]
            inner = jnp.sum(x[:rows] * y[:rows], axis=0)
            skew |= jnp.abs(inner) > rounding
            cosine, sine = _rotation(jnp.sum(x[:rows] ** 2, axis=0), jnp.sum(y[:rows] ** 2, axis=0), inner)
            columns[p], columns[q] = cosine * x - sine * y, sine * x + cosine * y
        return tuple(columns), before[1] + 1, jnp.any(skew)

    start = tuple(turned[:, j] for j in range(order)), 0, jnp.array(True)
    columns = jax.lax.while_loop(lambda now: now[2] & (now[1] < MOST_SWEEPS), sweep, start)[0]
    return jnp.stack(columns, axis=1)[rows:]


def _rotation(first: jax.Array, second: jax.Array, inner: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Cosine and sine that make x, y of these squared lengths and inner product orthogonal, the longer one first."""
    apart = second - first
    reach = jnp.abs(apart) + jnp.sqrt(apart**2 + 4 * inner**2)
    tangent = jnp.where(apart < 0, -2.0, 2.0) * inner / jnp.where(reach > 0, reach, 1.0)
    cosine = jax.lax.rsqrt(1 + tangent**2)
    sine = cosine * tangent
    swap = apart > 0
    return jnp.where(swap, sine, cosine), jnp.where(swap, -cosine, sine)


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

    def halve(_: int, before: tuple[list[jax.Array], jax.Array]) -> tuple[list[jax.Array], jax.Array]:
        lows, width = before[0], before[1] / 2
        above = [order - _below(diagonal, squares, low + width) > k for k, low in zip(places, lows, strict=True)]
        return [jnp.where(up, low + width, low) for up, low in zip(above, lows, strict=True)], width

    # One array for each place: of a table of them XLA makes slower loops.
    lows, width = jax.lax.fori_loop(0, HALVINGS, halve, ([jnp.zeros_like(trace) for _ in places], trace))
    beyond = jnp.zeros_like(trace)
    return jnp.stack([low + width / 2 if k < order else beyond for k, low in zip(places, lows, strict=True)])


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
