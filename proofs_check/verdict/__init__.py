"""What a check says: a status, the evidence for it, and numbers between two rational ends."""

from proofs_check.verdict._enclosure import Enclosure as Enclosure
from proofs_check.verdict._enclosure import exactly as exactly
from proofs_check.verdict._enclosure import form_of as form_of
from proofs_check.verdict._enclosure import nearest as nearest
from proofs_check.verdict._form import FORMS as FORMS
from proofs_check.verdict._form import Form as Form
from proofs_check.verdict._form import FormField as FormField
from proofs_check.verdict._verdict import Evidence as Evidence
from proofs_check.verdict._verdict import Verdict as Verdict
