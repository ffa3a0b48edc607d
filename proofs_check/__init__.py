"""Verdicts with evidence: is a theorem true of a problem, how far from tight, and how do we know."""

from proofs_check.certificates import certify as certify
from proofs_check.certificates import verify_certificate as verify_certificate
from proofs_check.chain import Chain as Chain
from proofs_check.chain import Link as Link
from proofs_check.chain import chain as chain
from proofs_check.check import check as check
from proofs_check.search import Found as Found
from proofs_check.search import search as search
from proofs_check.verdict import Enclosure as Enclosure
from proofs_check.verdict import Evidence as Evidence
from proofs_check.verdict import Verdict as Verdict
