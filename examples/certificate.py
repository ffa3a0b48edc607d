"""
A certificate for a referee
===========================

A referee should not have to trust this library. A certificate is one JSON file with a claim and all
numbers that its proof needs, as fractions; one file of Python that needs the standard library alone
checks it.
"""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import jax
import numpy as np

import linrep as lr
import proofs_check as pc
from proofs_check.certificates import checker

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64

# Two halves of four inputs each; a view comes from the own half, and once in fifty-four from anywhere.
channel = np.kron(50 * np.eye(2, dtype=int), np.ones((4, 4), dtype=int)) + 2
labels = np.repeat([1, -1], 4)
problem = lr.Problem(lr.processes.FiniteProcess([1] * 8, channel), lr.features.OneHot(), labels, dim=2)
certificate = pc.certify(lr.bounds.linrep26.SUBOPTIMAL_AUGMENTED, problem, limit=Fraction(3, 10))
print({key: certificate[key] for key in certificate if key in ("kind", "claim", "limit")})

###############################################################################
# The referee copies out one file and runs it, isolated (``-I``) and without any installed package
# (``-S``).


def verdict(found: dict[str, object]) -> str:
    """What the stand-alone checker says of a certificate."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bound.json"
        path.write_text(json.dumps(found), encoding="utf-8")
        command = [sys.executable, "-I", "-S", str(checker.__file__), str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


print(verdict(certificate))

###############################################################################
# It notices when a number was changed; and with a seal that fits again, that the numbers do not
# bear the claim.

bold = json.loads(json.dumps(certificate).replace("3/10", "1/4"))
print(verdict(bold))
print(verdict(bold | {"sha256": checker.seal(bold)}))
