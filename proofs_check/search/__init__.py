"""The search for the problem on which a theorem is tightest, or false."""

from proofs_check.search._best import Best as Best
from proofs_check.search._best import RefutedError as RefutedError
from proofs_check.search._exact import explore as explore
from proofs_check.search._found import Found as Found
from proofs_check.search._found import proved as proved
from proofs_check.search._found import quick as quick
from proofs_check.search._instances import decoded as decoded
from proofs_check.search._instances import encoded as encoded
from proofs_check.search._instances import exactified as exactified
from proofs_check.search._listed import Listed as Listed
from proofs_check.search._listed import embedded_problems as embedded_problems
from proofs_check.search._listed import examples as examples
from proofs_check.search._run import BUDGET as BUDGET
from proofs_check.search._run import ENGINES as ENGINES
from proofs_check.search._run import search as search
from proofs_check.search._study import tightness_table as tightness_table
