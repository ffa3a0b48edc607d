"""The peers of `benchmarks/sparse.py`: top-d left singular vectors by other packages, on the same matrix and start."""

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as sla

TOLERANCE = 1e-8
"""Residual of the Gram operator that every side must reach."""

Run = Callable[[], np.ndarray]


def gram_of(matrix: sp.csr_array) -> sla.LinearOperator:
    """The Gram operator of the rows, by two products of SciPy."""
    order = matrix.shape[0]
    return sla.LinearOperator((order, order), matvec=lambda x: matrix @ (matrix.T @ x), dtype=np.float64)


def start_of(matrix: sp.csr_array, dim: int) -> np.ndarray:
    """The same random start for all."""
    return np.random.default_rng(0).standard_normal((matrix.shape[0], dim))


def svds(matrix: sp.csr_array, dim: int, solver: str) -> Run:
    """SciPy's singular vectors; ARPACK's tolerance is that of the Gram operator's square root."""
    options: dict[str, dict[str, object]] = {
        "arpack": {"tol": 1e-4, "v0": start_of(matrix, 1)[:, 0]},
        "propack": {"tol": 1e-8, "maxiter": 300 + 10 * dim, "rng": 0},
        "lobpcg": {"tol": 1e-8, "maxiter": 200, "rng": 0},
    }
    return lambda: sla.svds(matrix, k=dim, solver=solver, **options[solver])[0]


def eigsh(matrix: sp.csr_array, dim: int) -> Run:
    """SciPy's ARPACK on the Gram operator."""
    return lambda: sla.eigsh(gram_of(matrix), k=dim, tol=TOLERANCE, v0=start_of(matrix, 1)[:, 0])[1]


def primme(matrix: sp.csr_array, dim: int) -> Run:
    """PRIMME with its default method on the Gram operator."""
    import primme as package

    return lambda: package.eigsh(gram_of(matrix), dim, tol=TOLERANCE, which="LA", v0=start_of(matrix, 1))[1]


def randomized(matrix: sp.csr_array, dim: int) -> Run:
    """scikit-learn's randomized method with 20 power iterations."""
    from sklearn.utils.extmath import randomized_svd

    return lambda: randomized_svd(matrix, dim, n_iter=20, random_state=0)[0]


def jax_lobpcg(matrix: sp.csr_array, dim: int) -> Run:
    """JAX's LOBPCG, with SciPy's product: JAX's own sparse kernels are slower."""
    import jax
    from jax.experimental.sparse.linalg import lobpcg_standard

    jax.config.update("jax_enable_x64", True)

    def image(block: jax.Array) -> jax.Array:
        shape = jax.ShapeDtypeStruct(block.shape, block.dtype)
        return jax.pure_callback(lambda x: matrix @ (matrix.T @ np.asarray(x)), shape, block)

    start = start_of(matrix, dim)
    return lambda: np.asarray(lobpcg_standard(image, start, m=400, tol=TOLERANCE / 100)[1])


def torch_lobpcg(matrix: sp.csr_array, dim: int) -> Run:
    """torch's LOBPCG on the Gram matrix written out: it takes no operator."""
    import torch

    square = sp.csr_array(matrix @ matrix.T)
    table = torch.sparse_csr_tensor(*(torch.from_numpy(a) for a in (square.indptr, square.indices, square.data)))
    start = torch.from_numpy(start_of(matrix, dim))
    return lambda: torch.lobpcg(table, X=start, niter=400, tol=TOLERANCE, largest=True)[1].numpy()


PEERS: dict[str, tuple[str, Callable[[sp.csr_array, int], Run]]] = {
    "eigsh": ("scipy", eigsh),
    "svds(arpack)": ("scipy", lambda matrix, dim: svds(matrix, dim, "arpack")),
    "svds(propack)": ("scipy", lambda matrix, dim: svds(matrix, dim, "propack")),
    "svds(lobpcg)": ("scipy", lambda matrix, dim: svds(matrix, dim, "lobpcg")),
    "PRIMME": ("primme", primme),
    "sklearn randomized": ("sklearn", randomized),
    "JAX LOBPCG": ("jax", jax_lobpcg),
    "torch LOBPCG": ("torch", torch_lobpcg),
}
"""The package that each peer needs, and how it is prepared from the matrix and d: left singular vectors, (n_bar, d)."""
