"""`python -m proofs_check` is the command `linrep`."""

from proofs_check.cli import main

main()
