"""
Write your own theorem and try to break it
==========================================

A theorem is a formula over named quantities with its hypotheses. One plausible bound is refuted,
with a certificate; a true one stands.
"""

import json
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import jax

import linrep as lr
import proofs_check as pc
from linrep.bounds import Kind, Source, Theorem
from linrep.symbols import BEST_AUGMENTED_RISK, CUT_EIGENVALUE, MEAN_RISK, MINIMISER, POSITIVE_CUT_EIGENVALUE
from proofs_check.certificates import certify_risk

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64


###############################################################################
# "The mean over views is less noisy than one view, so a minimiser reaches at least the class's
# error on one."


def no_price(best_augmented, field):
    """The best error of the class on one view."""
    return best_augmented


def price(best_augmented, cut_eigenvalue, field):
    """The same, divided by the first eigenvalue of I - K that d leaves out: the price of what a minimiser drops."""
    return best_augmented / cut_eigenvalue


plausible = Theorem(
    key="mine.no_price",
    title="a minimiser is as good as the best of its class",
    source=Source("mine", "a guess"),
    bounds=MEAN_RISK,
    kind=Kind.UPPER,
    inputs=(BEST_AUGMENTED_RISK,),
    formula=no_price,
    hypotheses=(MINIMISER,),
)
careful = Theorem(
    key="mine.price",
    title="a minimiser pays for what it leaves out",
    source=Source("mine", "from T1, as the best risk on the mean is at most that on one view"),
    bounds=MEAN_RISK,
    kind=Kind.UPPER,
    inputs=(BEST_AUGMENTED_RISK, CUT_EIGENVALUE),
    formula=price,
    hypotheses=(MINIMISER, POSITIVE_CUT_EIGENVALUE),
)

###############################################################################
# The search looks for the problem on which the two sides are nearest, or the wrong way round.

found = pc.search(plausible, key=jax.random.key(0), budget=150)
tried = f"after {found.tried} problems"
print(f"{plausible.key}: {found.verdict.status.value} {tried}, actual / bound {found.tightness:.4g}")

###############################################################################
# A referee need not trust the search: the claim "this representation's error is at least q, and q
# is above the bound" is checked with Python's standard library alone.

verdict = found.verdict
between = Fraction((verdict.actual.lower + verdict.bound.upper) / 2).limit_denominator(1000)
problem = found.problem.with_weights(found.problem.representation)
certificate = certify_risk(problem, readout="mean", limit=between, at_least=True)
with TemporaryDirectory() as folder:
    path = Path(folder) / "refuted.json"
    path.write_text(json.dumps(certificate), encoding="utf-8")
    checked = pc.verify_certificate(json.loads(path.read_text(encoding="utf-8")))
print(f"  bound {float(verdict.bound.upper):.4g} < {between} <= actual; certificate: {checked.status.value}")

###############################################################################
# The careful one has to pay for what the dimension leaves out, and the search no longer finds
# anything.

stands = pc.search(careful, key=jax.random.key(0), budget=150)
print(
    f"{careful.key}: {stands.verdict.status.value}, tightest at {stands.tightness:.4g}, {stands.tried} problems tried"
)
assert found.refuted
assert not stands.refuted
assert lr.evaluate(careful, found.problem).value >= float(between)
