"""A theorem on a problem, in float64: the bound, the truth next to it, and whether the bound says anything."""

from linrep.evaluate._bound import BoundValue as BoundValue
from linrep.evaluate._bound import Status as Status
from linrep.evaluate._bound import actual as actual
from linrep.evaluate._bound import best_place as best_place
from linrep.evaluate._bound import demand as demand
from linrep.evaluate._bound import evaluate as evaluate
from linrep.evaluate._bound import judge as judge
from linrep.evaluate._bound import valued as valued
from linrep.evaluate._bound import worthless as worthless
from linrep.evaluate._compare import COLUMNS as COLUMNS
from linrep.evaluate._compare import compare as compare
from linrep.evaluate._compare import comparison as comparison
from linrep.evaluate._ingredients import ingredients as ingredients
