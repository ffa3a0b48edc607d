"""Means over seeds, as columns of a table."""

import numpy as np
from scipy import stats

from linrep.tables import Table, Value


def mean_ci(table: Table, columns: tuple[str, ...]) -> dict[str, Value]:
    """For each column its mean over the rows, as trained_NAME, and half a 95 % interval of Student's t, as NAME_ci95.

    One row has no interval: None.
    """
    found: dict[str, Value] = {}
    for name in columns:
        values = np.array(table.column(name), dtype=np.float64)
        spread = float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)) if len(values) > 1 else None
        found |= {f"trained_{name}": float(values.mean()), f"{name}_ci95": spread}
    return found
