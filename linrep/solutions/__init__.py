"""Closed-form minimisers of contrastive objectives over W.T phi."""

from linrep.solutions._closed_form import ClosedForm as ClosedForm
from linrep.solutions._closed_form import closed_form as closed_form
from linrep.solutions._ranges import Energy as Energy
from linrep.solutions._ranges import RiskRange as RiskRange
from linrep.solutions._ranges import Tie as Tie
from linrep.solutions._solution import Solution as Solution
from linrep.solutions._solution import minimisers as minimisers
from linrep.solutions._solution import spectrum as spectrum
from linrep.solutions._solve import solve as solve
from linrep.solutions._sparse import sparse as sparse
from linrep.solutions._sparse_solution import SparseSolution as SparseSolution
from linrep.solutions._spectrum import Spectrum as Spectrum
from linrep.solutions._structured import StructuredSolution as StructuredSolution
from linrep.solutions._structured import structured as structured
from linrep.solutions._variance import VarianceSolution as VarianceSolution
from linrep.solutions._variance import solve_variance_regularised as solve_variance_regularised
