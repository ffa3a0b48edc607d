"""Thousands to millions of small finite problems at once: spectra, risks and bounds in one compiled program."""

from linrep.batched._batch import Batch as Batch
from linrep.batched._evaluate import COVERED as COVERED
from linrep.batched._evaluate import KNOWN as KNOWN
from linrep.batched._evaluate import BatchBound as BatchBound
from linrep.batched._evaluate import BatchTable as BatchTable
from linrep.batched._evaluate import covers as covers
from linrep.batched._evaluate import evaluate as evaluate
from linrep.batched._evaluate import quantities as quantities
from linrep.batched._evaluate import traced as traced
