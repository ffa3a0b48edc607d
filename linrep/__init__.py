"""linrep: guarantees for contrastive representations, computed next to the truth."""

from linrep import features as features
from linrep import labels as labels
from linrep import moments as moments
from linrep import processes as processes
from linrep._checks import InputError as InputError
