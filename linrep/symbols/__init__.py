"""The vocabulary of theorems: tokens for quantities, hypotheses and worked examples. Tokens know no data."""

from linrep.symbols._class import *  # noqa: F403
from linrep.symbols._clusters import *  # noqa: F403
from linrep.symbols._contrast import *  # noqa: F403
from linrep.symbols._downstream import *  # noqa: F403
from linrep.symbols._examples import *  # noqa: F403
from linrep.symbols._geometry import *  # noqa: F403
from linrep.symbols._hypotheses import *  # noqa: F403
from linrep.symbols._minimax import *  # noqa: F403
from linrep.symbols._process import *  # noqa: F403
from linrep.symbols._redundancy import *  # noqa: F403
from linrep.symbols._samples import *  # noqa: F403
from linrep.symbols._spectrum import *  # noqa: F403
from linrep.symbols._steps import *  # noqa: F403
from linrep.symbols._structure import *  # noqa: F403
from linrep.symbols._tokens import Eigenvalue as Eigenvalue
from linrep.symbols._tokens import Example as Example
from linrep.symbols._tokens import Hypothesis as Hypothesis
from linrep.symbols._tokens import Quantity as Quantity
from linrep.symbols._tokens import Shape as Shape
