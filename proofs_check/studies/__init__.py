"""The studies behind the pictures of the main job; each returns one table."""

from proofs_check.studies._bands import Scene as Scene
from proofs_check.studies._bands import band as band
from proofs_check.studies._bands import band_rows as band_rows
from proofs_check.studies._bands import bands_of as bands_of
from proofs_check.studies._bands import rows_of as rows_of
from proofs_check.studies._capacity import capacity as capacity
from proofs_check.studies._chain import chain as chain
from proofs_check.studies._chains import chains as chains
from proofs_check.studies._classes import ladder as ladder
from proofs_check.studies._classes import scenes as scenes
from proofs_check.studies._classes_data import ReducedNoise as ReducedNoise
from proofs_check.studies._classes_data import digit_scenes as digit_scenes
from proofs_check.studies._classes_data import docstring_scenes as docstring_scenes
from proofs_check.studies._classes_data import reduced as reduced
from proofs_check.studies._example_one import example_one as example_one
from proofs_check.studies._families import families as families
from proofs_check.studies._negatives import negatives as negatives
from proofs_check.studies._phases import phases as phases
from proofs_check.studies._points import bands_named as bands_named
from proofs_check.studies._points import on_bands as on_bands
from proofs_check.studies._points import on_curve as on_curve
from proofs_check.studies._points import read_points as read_points
from proofs_check.studies._points import summary as summary
