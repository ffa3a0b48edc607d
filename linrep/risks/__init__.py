"""Downstream risks of a representation."""

from linrep.risks._regression import regression as regression
from linrep.risks._zero_one import Bracket as Bracket
from linrep.risks._zero_one import zero_one as zero_one
from linrep.risks._zero_one import zero_one_augmented as zero_one_augmented
