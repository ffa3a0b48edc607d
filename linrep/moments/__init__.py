"""Moments: Sigma, Sigma_bar, b and E label^2, all that the theory needs of a process and a feature map."""

from linrep.moments._accumulate import accumulate as accumulate
from linrep.moments._dispatch import population as population
from linrep.moments._dispatch import rational as rational
from linrep.moments._sample import SampleMoments as SampleMoments
from linrep.moments._sample import empirical as empirical
from linrep.moments._shards import Shard as Shard
from linrep.moments._shards import mapped_shards as mapped_shards
from linrep.moments._stream import StreamMoments as StreamMoments
from linrep.moments._stream import merge as merge
from linrep.moments._types import Factors as Factors
from linrep.moments._types import Moments as Moments
from linrep.moments._types import RationalMoments as RationalMoments
from linrep.moments._types import StructuredMoments as StructuredMoments
