"""The closed form as one compiled JAX function of arrays: for batches, accelerators and gradients of spectral sums."""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from linrep._checks import require_x64
from linrep._linalg import EPS, gram_rank_tolerance


class ClosedForm(NamedTuple):
    """Eigenvalues of K, (D,), descending with zeros beyond the rank; one minimiser, (D, d); the minimum of the loss;
    the
    regression risks of that minimiser from one view and from the mean over views.

    Source: theory I2, I3 (ours).

    >>> closed_form(jnp.eye(2), jnp.eye(2) / 4, jnp.zeros(2), 1.0, dim=1).eigenvalues.tolist()
    [0.25, 0.25]
    """

    eigenvalues: Array
    weights: Array
    loss: Array
    augmented_risk: Array
    mean_risk: Array


def closed_form(
    sigma: Float[Array, "D D"],
    sigma_bar: Float[Array, "D D"],
    cross: Float[Array, " D"],
    label_sq: float | Array,
    *,
    dim: int,
) -> ClosedForm:
    """Minimiser, loss and risks of the spectral contrastive loss from the moments alone, compiled.

    The same numbers as `solve`, for one label output, without tie detection: in a tie the risks are those of the
    minimiser
    returned. It may be mapped with `jax.vmap`.

    Args:
        sigma, sigma_bar: (D, D) moments; sigma may be singular.
        cross: b = E[phi label], (D,).
        label_sq: E label^2.
        dim: d, static.

    Raises:
        InputError: JAX in 32-bit mode.

    Source: Eckart–Young; theory I2, I3 (ours).

    >>> import jax.numpy as jnp
    >>> out = closed_form(jnp.eye(2), jnp.diag(jnp.array([0.25, 1.0])), jnp.array([0.0, 1.0]), 1.0, dim=1)
    >>> float(out.loss), float(out.mean_risk)
    (-1.0, 0.0)
    """
    require_x64("closed_form")
    return _closed_form(sigma, sigma_bar, cross, label_sq, dim)


@partial(jax.jit, static_argnums=4)
def _closed_form(sigma: Array, sigma_bar: Array, cross: Array, label_sq: Array, dim: int) -> ClosedForm:
    order = sigma.shape[0]
    diagonal = jnp.diagonal(sigma)
    scale = 1.0 / jnp.sqrt(jnp.where(diagonal > 0, diagonal, 1.0))
    values, vectors = jnp.linalg.eigh(sigma * scale[:, None] * scale)
    kept = values > gram_rank_tolerance(order, 1.0) * values[-1]
    root = scale[:, None] * vectors * jnp.where(kept, 1.0 / jnp.sqrt(jnp.where(kept, values, 1.0)), 0.0)
    kappa, inner = jnp.linalg.eigh(root.T @ sigma_bar @ root)
    kappa, inner = jnp.clip(kappa[::-1], 0.0, 1.0), inner[:, ::-1]
    basis = root @ inner
    head = jnp.pad(kappa, (0, max(dim - order, 0)))[:dim]
    columns = jnp.pad(basis, ((0, 0), (0, max(dim - order, 0))))[:, :dim]
    seen = columns.T @ cross
    positive = head > order * EPS
    through_means = jnp.where(positive, seen**2 / jnp.where(positive, head, 1.0), 0.0)
    augmented = jnp.where(positive, seen**2, 0.0)
    return ClosedForm(
        kappa, columns * jnp.sqrt(head), -jnp.sum(head**2), label_sq - augmented.sum(), label_sq - through_means.sum()
    )
