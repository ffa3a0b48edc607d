"""What a check says: a status, the evidence for it, and numbers between two rational ends."""

from proofs_check.verdict._enclosure import Enclosure as Enclosure
from proofs_check.verdict._enclosure import exactly as exactly
from proofs_check.verdict._verdict import Evidence as Evidence
from proofs_check.verdict._verdict import Verdict as Verdict
