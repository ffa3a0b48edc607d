"""Contrastive losses of a representation."""

from linrep.losses._infonce import Interval as Interval
from linrep.losses._infonce import infonce as infonce
from linrep.losses._infonce import infonce_interval as infonce_interval
from linrep.losses._spectral import spectral as spectral
from linrep.losses._spectral import spectral_values as spectral_values
from linrep.losses._spectral import variance_regularised as variance_regularised
