"""Witnesses of vacuity: representations of low loss that serve the labels badly, and how bad they have to be."""

from linrep.witnesses._counting import counting_floor as counting_floor
from linrep.witnesses._shuffled import Witness as Witness
from linrep.witnesses._shuffled import shuffled as shuffled
