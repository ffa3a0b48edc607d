"""Sharp transfer functions: the best any analysis of (class, loss, dimension) could say, and when that is nothing."""

from linrep.transfer._build import curve as curve
from linrep.transfer._curve import TransferCurve as TransferCurve
from linrep.transfer._errors import ErrorCurve as ErrorCurve
from linrep.transfer._errors import zero_one as zero_one
from linrep.transfer._point import DualPoint as DualPoint
from linrep.transfer._point import dual_point as dual_point
from linrep.transfer._threshold import VacuityThreshold as VacuityThreshold
from linrep.transfer._threshold import budgets as budgets
from linrep.transfer._threshold import threshold as threshold
