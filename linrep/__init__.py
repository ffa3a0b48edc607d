"""linrep: guarantees for contrastive representations, computed next to the truth."""

from linrep import bounds as bounds
from linrep import features as features
from linrep import labels as labels
from linrep import losses as losses
from linrep import moments as moments
from linrep import processes as processes
from linrep import quantities as quantities
from linrep import risks as risks
from linrep import solutions as solutions
from linrep import symbols as symbols
from linrep import tables as tables
from linrep import transfer as transfer
from linrep import witnesses as witnesses
from linrep._checks import InputError as InputError
from linrep.evaluate import BoundValue as BoundValue
from linrep.evaluate import Status as Status
from linrep.evaluate import actual as actual
from linrep.evaluate import compare as compare
from linrep.evaluate import evaluate as evaluate
from linrep.evaluate import judge as judge
from linrep.problems import Problem as Problem
from linrep.solutions import solve as solve
from linrep.tables import Table as Table
