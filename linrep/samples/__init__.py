"""Finite training sets: what n samples guarantee downstream, and what they do in simulation."""

from linrep.samples._guarantee import CHAINED as CHAINED
from linrep.samples._guarantee import Downstream as Downstream
from linrep.samples._guarantee import SampleGuarantee as SampleGuarantee
from linrep.samples._guarantee import downstream as downstream
from linrep.samples._guarantee import sample_guarantee as sample_guarantee
from linrep.samples._guarantee import samples_needed as samples_needed
from linrep.samples._simulate import empirical_minimiser as empirical_minimiser
from linrep.samples._simulate import excess_of as excess_of
from linrep.samples._simulate import simulated_excess as simulated_excess
