"""Problems: refusals of what is no process, no feature map, no sample and no temperature."""

import pytest

import linrep as lr

TABLE = lr.processes.FiniteProcess([1, 1], [[2, 1, 0], [0, 1, 2]])
ALL = lr.features.OneHot()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: lr.Problem("table", ALL), "process is 'table'"),
        (lambda: lr.Problem(TABLE, lr.features.OneHot), "features is <class"),
        (lambda: lr.Problem(TABLE, ALL, sample=5), "sample is 5"),
        (lambda: lr.Problem(TABLE, ALL, dim=0), "dim is 0"),
        (lambda: lr.Problem(TABLE, ALL, temperature=10**400), "temperature is"),
        (lambda: lr.Problem(TABLE, ALL, temperature=float("nan")), "temperature is nan"),
        (lambda: lr.Problem(TABLE, ALL, dim=2, weights=[[1, 2, 3]]), "1 rows"),
        (lambda: lr.Problem(TABLE, ALL, score=[1, 2]), "2 rows"),
        (lambda: lr.Problem(TABLE, ALL, [1]), "1 labels"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(lr.InputError, match=words):
        make()
