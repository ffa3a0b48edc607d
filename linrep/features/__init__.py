"""Feature maps. A feature map *is* a function class: all W.T phi with W of shape (D, d)."""

from linrep.features._abstract import AbstractFeatures as AbstractFeatures
from linrep.features._fourier import RandomFourier as RandomFourier
from linrep.features._polynomial import Polynomial as Polynomial
from linrep.features._simple import Affine as Affine
from linrep.features._simple import Custom as Custom
from linrep.features._simple import Linear as Linear
from linrep.features._simple import OneHot as OneHot
