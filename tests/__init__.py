"""The tests; a package only so that `from tests.tolerances import ...` finds this folder and no other."""
