"""From the text of a docstring to its words."""

import re

PACKAGES = ("numpy", "scipy", "sympy", "matplotlib")
"""The packages whose docstrings are read; a document's label is the place of its package here."""

ALIASES = frozenset(("np", "sp", "plt", "mpl", "pyplot", "pylab"))
WORD = re.compile("[a-z]{2,}")


def words(text: str) -> list[str]:
    """The words of a docstring in order: runs of at least two letters in lower case, doctests left out, and without
    those that give the package away (its name, alone or inside a word, and its aliases).

    >>> words("Return the sum.\\n\\n>>> np.sum([1, 2])\\n3\\n\\nSee numpy.cumsum.")
    ['return', 'the', 'sum', 'see', 'cumsum']
    """
    return [word for word in WORD.findall(prose(text).lower()) if not _telling(word)]


def prose(text: str) -> str:
    """A docstring without its doctests: a prompt and all lines from there to the next blank one.

    >>> prose("Sum.\\n>>> 1 + 1\\n2\\n\\nEnd.")
    'Sum.\\n\\nEnd.'
    """
    kept, inside = [], False
    for line in text.splitlines():
        bare = line.strip()
        inside = bare.startswith(">>>") or (inside and bool(bare))
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def _telling(word: str) -> bool:
    return word in ALIASES or any(name in word for name in PACKAGES)
