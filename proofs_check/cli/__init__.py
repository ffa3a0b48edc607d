"""The command line `linrep`: one module for each command or two, all on one application."""

from proofs_check.cli import _certify as _certify
from proofs_check.cli import _chain as _chain
from proofs_check.cli import _compare as _compare
from proofs_check.cli import _explain as _explain
from proofs_check.cli import _report as _report
from proofs_check.cli import _search as _search
from proofs_check.cli import _sources as _sources
from proofs_check.cli import _sweep as _sweep
from proofs_check.cli import _train as _train
from proofs_check.cli import _transfer as _transfer
from proofs_check.cli import _verify as _verify
from proofs_check.cli._app import main as main
from proofs_check.cli._app import run as run
