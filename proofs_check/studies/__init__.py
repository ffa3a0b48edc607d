"""The three studies behind the pictures of the main job; each returns one table."""

from proofs_check.studies._capacity import capacity as capacity
from proofs_check.studies._example_one import example_one as example_one
from proofs_check.studies._families import families as families
