"""Real data with little or no download: digits, docstrings, and readers for local copies of CIFAR-10 and AG News."""

from linrep.datasets._ag_news import News as News
from linrep.datasets._ag_news import ag_news as ag_news
from linrep.datasets._cifar import Cifar as Cifar
from linrep.datasets._cifar import cifar10 as cifar10
from linrep.datasets._corpus import Corpus as Corpus
from linrep.datasets._digits import Digits as Digits
from linrep.datasets._digits import digits as digits
from linrep.datasets._docstrings import docstrings as docstrings
