"""The embedded problems of the main job, by family."""

from proofs_check.embedded._contrast import contrastive
from proofs_check.embedded._finite import clusters, disjoint, gallery, latent, near_disjoint
from proofs_check.embedded._finite import family_member as family_member
from proofs_check.embedded._finite import first_sign as first_sign
from proofs_check.embedded._hypercubes import EXAMPLE_ONE as EXAMPLE_ONE
from proofs_check.embedded._hypercubes import example_one, flips, small_example_one
from proofs_check.embedded._random import random_problem as random_problem
from proofs_check.embedded._random import random_problems
from proofs_check.embedded._rotation import rotated as rotated
from proofs_check.embedded._rotation import share_for as share_for
from proofs_check.embedded._rotation import suboptimality_of as suboptimality_of
from proofs_check.embedded._types import Embedded as Embedded

RANDOM_COUNT = 200
"""Random problems in the main job."""


def embedded(seed: int, random_count: int = RANDOM_COUNT) -> tuple[Embedded, ...]:
    """Every embedded problem; the seed draws the label of Table 1 and the random problems.

    Source: ours.

    >>> len({e.name for e in embedded(0)}) == len(embedded(0))
    True
    """
    return (
        *gallery(),
        *example_one(seed),
        *small_example_one(),
        *flips(),
        *clusters(),
        *near_disjoint(),
        *disjoint(),
        *latent(),
        *contrastive(),
        *random_problems(seed, random_count),
    )
