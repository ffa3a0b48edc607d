"""`python -m tests.mutation`: mutate the formulas of `linrep/bounds` and `linrep/solutions`, run the fast tests."""

import argparse
import sys
from pathlib import Path

from tests.mutation.run import Suite, excused, judge_all, planted, report, sampled

ROOT = Path(__file__).parents[2]
SURVIVORS = Path(__file__).with_name("survivors.md")
SAMPLE, SEED = 250, 0
CORNERS = "tests/solutions/test_corners.py"
EXACT = ("tests/solutions/test_exact.py", CORNERS, "tests/solutions/test_solve.py")
DENSE = (CORNERS, "tests/solutions/test_solve.py", "tests/test_identities.py", "tests/transfer/test_threshold.py")
VARIANCE = "tests/test_identities.py::test_i10_the_variance_regularised_objective_has_the_closed_form"
STRUCTURED = ("tests/solutions/test_structured_corners.py", "tests/solutions/test_structured.py")
SPARSE = ("tests/solutions/test_sparse_corners.py", "tests/solutions/test_sparse.py")
FORMULAS = (
    "tests/bounds/test_values.py",
    "tests/bounds/test_step_values.py",
    "tests/bounds/test_theorems.py",
    "tests/test_evaluate.py",
)
SUITES = (
    Suite("linrep/solutions/_exact.py", EXACT, limit=20),
    Suite("linrep/solutions/_real_roots.py", EXACT, limit=20),
    Suite("linrep/solutions/_closed_form.py", DENSE[:2]),
    Suite("linrep/solutions/_compression.py", (CORNERS, DENSE[3], DENSE[1])),
    Suite("linrep/solutions/_variance.py", (CORNERS, VARIANCE)),
    *(Suite(f"linrep/solutions/_{name}.py", DENSE) for name in ("solution", "spectrum")),
    *(
        Suite(f"linrep/solutions/_{name}.py", STRUCTURED)
        for name in ("structured", "energies", "smooth_energies", "levels")
    ),
    Suite("linrep/solutions/_solve.py", (DENSE[1], *STRUCTURED, *SPARSE)),
    Suite("linrep/solutions/*.py", SPARSE),
    Suite("linrep/bounds/**/*.py", FORMULAS),
)
"""The tests that are asked about each file: fast ones, the likeliest to notice first."""


def main(arguments: list[str]) -> int:
    """Run; 0 where every survivor is explained on the page of survivors."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--all", action="store_true", help=f"every mutant, not a sample of {SAMPLE}")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many mutants are drawn")
    parser.add_argument("--seed", type=int, default=SEED, help="draws the sample")
    parser.add_argument("--only", default="", help="only mutants whose key contains this, such as a path")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "mutation.jsonl", help="records; a run resumes")
    asked = parser.parse_args(arguments)
    found = [(m, s) for m, s in planted(ROOT, SUITES) if asked.only in m.key]
    chosen = sampled(found, None if asked.all else asked.sample, asked.seed)
    _say(f"{len(found)} mutants in all, {len(chosen)} chosen (seed {asked.seed})")
    records = judge_all(ROOT, chosen, asked.out, workers=asked.workers, say=_say)
    return 0 if report(records, excused(SURVIVORS), _say) else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
