"""A small sweep as a file, for the tests that run it."""

from pathlib import Path

FILE = """
theorems = ["linrep26.risk_gap_mean"]
seeds = {{from = 0, to = {last}}}
[sweep]
dim = [1, 2]
[problem]
dim = 1
process = {{type = "RandomProcess", n_inputs = 4, n_views = 6}}
features = {{type = "OneHot"}}
labels = {{values = [1, -1, 1, -1]}}
"""


def written(folder: Path, last: int) -> Path:
    """Two dimensions and `last` + 1 seeds of a random process."""
    path = folder / "spec.toml"
    path.write_text(FILE.format(last=last), encoding="utf-8")
    return path
