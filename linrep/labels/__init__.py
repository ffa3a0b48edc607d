"""Labels: numbers, signs or classes attached to the natural inputs."""

from linrep.labels._abstract import AbstractLabel as AbstractLabel
from linrep.labels._abstract import Kind as Kind
from linrep.labels._closed import Coordinate as Coordinate
from linrep.labels._closed import Linear as Linear
from linrep.labels._closed import Parity as Parity
from linrep.labels._closed import Threshold as Threshold
from linrep.labels._sparse import FactorTable as FactorTable
from linrep.labels._sparse import Multilinear as Multilinear
from linrep.labels._table import Table as Table
from linrep.labels._table import as_label as as_label
