"""Spectral functions with derivative rules of their own: through ties JAX's eigenvectors give NaN, these do not."""

import functools

import jax
import jax.numpy as jnp

from linrep._linalg import spectral_error


@jax.custom_jvp
def eigenvalues(matrix: jax.Array) -> jax.Array:
    """Eigenvalues of a symmetric matrix, descending; in a tie the derivative is one of the directional ones.

    Source: Kato (1980), II.6: d kappa_i = v_i.T dA v_i.

    >>> eigenvalues(jnp.diag(jnp.array([1.0, 2.0]))).tolist()
    [2.0, 1.0]
    """
    return jnp.linalg.eigvalsh(matrix)[::-1]


@eigenvalues.defjvp
def _eigenvalues_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    (matrix,), (change,) = primals, tangents
    values, vectors = _descending(matrix)
    return values, jnp.diagonal(vectors.T @ change @ vectors)


@functools.partial(jax.custom_jvp, nondiff_argnums=(1, 2))
def head_operator(matrix: jax.Array, head: int, power: int) -> jax.Array:
    """sum over the `head` largest eigenvalues of kappa_i^power v_i v_i.T; power 0 is the projector on their span.

    With E = V.T dA V the derivative is V (D * E) V.T. Inside the head D_ij is 0, 1 or -1 / (kappa_i kappa_j) for the
    powers 0, 1 and -1, ties or not; across the cut it is kappa_i^power / (kappa_i - kappa_j), and 0 where those two
    are tied: the head then turns within the tie, which no direction prefers.

    Args:
        matrix: (n, n), symmetric.
        head: how many eigenvalues.
        power: 0, 1 or -1.

    Source: Daleckii-Krein divided differences; the rule at the cut is ours.

    >>> head_operator(jnp.diag(jnp.array([3.0, 2.0, 1.0])), 2, -1)[1, 1].item()
    0.5
    """
    values, vectors = _descending(matrix)
    return (vectors * _on_head(values, head, power)) @ vectors.T


@head_operator.defjvp
def _head_operator_jvp(
    head: int, power: int, primals: tuple[jax.Array], tangents: tuple[jax.Array]
) -> tuple[jax.Array, jax.Array]:
    (matrix,), (change,) = primals, tangents
    values, vectors = _descending(matrix)
    weights = _on_head(values, head, power)
    inside = jnp.arange(values.size) < head
    apart = values[:, None] - values[None, :]
    tied = jnp.abs(apart) <= spectral_error(values.size, 1.0) * jnp.max(jnp.abs(values))
    quotient = (weights[:, None] - weights[None, :]) / jnp.where(tied, 1.0, apart)
    across = jnp.where(tied, 0.0, quotient)
    within = {0: jnp.zeros_like(apart), 1: jnp.ones_like(apart), -1: -weights[:, None] * weights[None, :]}[power]
    both, one = inside[:, None] & inside[None, :], inside[:, None] ^ inside[None, :]
    divided = jnp.where(both, within, jnp.where(one, across, 0.0))
    moved = vectors.T @ change @ vectors
    return (vectors * weights) @ vectors.T, vectors @ (divided * moved) @ vectors.T


def _descending(matrix: jax.Array) -> tuple[jax.Array, jax.Array]:
    values, vectors = jnp.linalg.eigh(matrix)
    return values[::-1], vectors[:, ::-1]


def _on_head(values: jax.Array, head: int, power: int) -> jax.Array:
    inside = jnp.arange(values.size) < head
    safe = jnp.where(inside, values, 1.0)
    return jnp.where(inside, {0: jnp.ones_like(safe), 1: safe, -1: 1 / safe}[power], 0.0)
