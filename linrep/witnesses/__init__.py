"""Witnesses of vacuity: representations of low loss that serve the labels badly, and how bad they have to be."""

from linrep.witnesses._counting import counting_chance as counting_chance
from linrep.witnesses._counting import counting_floor as counting_floor
from linrep.witnesses._fraction import BadFraction as BadFraction
from linrep.witnesses._fraction import bad_fraction as bad_fraction
from linrep.witnesses._partition import SparsestPartition as SparsestPartition
from linrep.witnesses._partition import cheeger_bracket as cheeger_bracket
from linrep.witnesses._partition import sparsest_partition as sparsest_partition
from linrep.witnesses._shuffled import Witness as Witness
from linrep.witnesses._shuffled import exchanged as exchanged
from linrep.witnesses._shuffled import shuffled as shuffled
from linrep.witnesses._transported import shares_randomness as shares_randomness
from linrep.witnesses._transported import transported as transported
