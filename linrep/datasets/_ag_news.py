"""AG News from a local file."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Int

from linrep._checks import InputError, require

CLASSES = ("World", "Sports", "Business", "Sci/Tech")


@dataclass(frozen=True, eq=False)
class News:
    """News articles.

    Attributes:
        texts: title and description of each, with a space between, n of them.
        labels: place of the class in `classes`, (n,).
        classes: their names.

    Source: X. Zhang, J. Zhao and Y. LeCun, Character-level convolutional networks for text classification (2015).

    >>> News(("A match was won.",), np.array([1])).classes[1]
    'Sports'
    """

    texts: tuple[str, ...]
    labels: Int[np.ndarray, " n"]
    classes: tuple[str, ...] = CLASSES


def ag_news(file: str | os.PathLike[str]) -> News:
    """AG News from its CSV file: class 1 to 4, title, description; a line of column names may come first.

    Args:
        file: usually train.csv or test.csv.

    Raises:
        InputError: a file that cannot be read, or a row that does not fit.

    Source: X. Zhang, J. Zhao and Y. LeCun, Character-level convolutional networks for text classification (2015).

    >>> ag_news("nowhere.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    linrep._checks.InputError: datasets.ag_news: nowhere.csv cannot be read (...); name train.csv or test.csv.
    """
    try:
        with Path(file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
    except OSError as error:
        raise InputError(
            f"datasets.ag_news: {file} cannot be read ({error.strerror}); name train.csv or test.csv."
        ) from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(
            f"datasets.ag_news: {file} is not CSV in UTF-8 ({error}); name train.csv or test.csv."
        ) from error
    named = bool(rows) and bool(rows[0]) and not rows[0][0].strip().isdigit()
    articles = rows[1:] if named else rows
    require(articles, f"datasets.ag_news: {file} has no articles, but one is needed; name train.csv or test.csv.")
    for i, row in enumerate(articles):
        require(
            len(row) == 3 and row[0].strip() in ("1", "2", "3", "4"),
            f"datasets.ag_news: row {i + 1 + named} of {file} starts with {row[:1]} and has {len(row)} columns, but a "
            "class from 1 to 4, a title and a description are needed; mend the file.",
        )
    texts = tuple(f"{title} {description}" for _, title, description in articles)
    return News(texts, np.array([int(row[0]) - 1 for row in articles], dtype=np.int64))
