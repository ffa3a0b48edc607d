"""The report: one page that shows a folder of results to a reader, without a network."""

from proofs_check.report._page import NAME as NAME
from proofs_check.report._page import page as page
from proofs_check.report._page import write as write
