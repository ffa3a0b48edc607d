"""A corpus of documents as ids of words."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from jaxtyping import Bool, Int

from linrep._checks import positive_int, require

TESTED = 4
"""One file in this many is for testing."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """Documents, each a sequence of words, with a label and the file that it stands in.

    Words are numbered by falling frequency in the corpus, equally frequent ones alphabetically. A file is for testing
    when the SHA-256 hash of its path says so, so no file is in both parts and a new file changes no other.

    Attributes:
        tokens: numbers of the words of all documents, one document after the other, (T,).
        offsets: document i is `tokens[offsets[i] : offsets[i + 1]]`, (n + 1,).
        vocabulary: the words, (V,).
        labels: class of each document, (n,).
        classes: names of the classes.
        file_ids: place of each document's file in `files`, (n,).
        files: paths.
        digest: SHA-256 hash of what the corpus was read from, in hexadecimal.

    Source: ours.

    >>> corpus = collect([("a/x.py", 0, ["one", "two"]), ("b/y.py", 1, ["two"])], ("a", "b"))
    >>> corpus.vocabulary, corpus.document(0).tolist(), corpus.counts(1).toarray().tolist()
    (('two', 'one'), [1, 0], [[1], [1]])
    """

    tokens: Int[np.ndarray, " T"]
    offsets: Int[np.ndarray, " n+1"]
    vocabulary: tuple[str, ...]
    labels: Int[np.ndarray, " n"]
    classes: tuple[str, ...]
    file_ids: Int[np.ndarray, " n"]
    files: tuple[str, ...]
    digest: str

    @property
    def n_documents(self) -> int:
        return self.labels.size

    @property
    def test(self) -> Bool[np.ndarray, " n"]:
        """Whether a document stands in a file for testing, (n,)."""
        return np.array([held_out(name) for name in self.files], dtype=bool)[self.file_ids]

    @property
    def train(self) -> Bool[np.ndarray, " n"]:
        """Whether a document stands in a file for training, (n,)."""
        return ~self.test

    def document(self, i: int) -> Int[np.ndarray, " t"]:
        """The numbers of the words of document i, in order."""
        return self.tokens[self.offsets[i] : self.offsets[i + 1]]

    def counts(self, words: int = 1000) -> scipy.sparse.csr_array:
        """How often each of the `words` most frequent words occurs in each document, (n, words) whole numbers.

        A row is zero where a document has none of them.

        Raises:
            InputError: `words` below 1 or above the size of the vocabulary.
        """
        wanted = positive_int(words, owner="Corpus.counts", name="words")
        require(
            wanted <= len(self.vocabulary),
            f"Corpus.counts: words is {wanted}, but the vocabulary has {len(self.vocabulary)}; ask for at most those.",
        )
        rows = np.repeat(np.arange(self.n_documents), np.diff(self.offsets))
        kept = self.tokens < wanted
        ones = np.ones(int(kept.sum()), dtype=np.int64)
        places = (rows[kept], self.tokens[kept].astype(np.int64))
        return scipy.sparse.csr_array(scipy.sparse.coo_array((ones, places), shape=(self.n_documents, wanted)))


def collect(
    documents: Iterable[tuple[str, int, Sequence[str]]], classes: tuple[str, ...], digest: str = "", least: int = 1
) -> Corpus:
    """The corpus of (file, class, words), without documents shorter than `least` words and repeated sequences of words.

    >>> collect([("a", 0, ["x"]), ("b", 0, ["x"]), ("b", 0, [])], ("k",)).files
    ('a',)
    """
    kept: dict[tuple[str, ...], tuple[str, int]] = {}
    for file, label, found in documents:
        if len(found) >= least:
            kept.setdefault(tuple(found), (file, label))
    texts, origins = list(kept), list(kept.values())
    times = Counter(word for text in texts for word in text)
    vocabulary = tuple(sorted(times, key=lambda word: (-times[word], word)))
    place = {word: i for i, word in enumerate(vocabulary)}
    files = tuple(dict.fromkeys(file for file, _ in origins))
    at = {file: i for i, file in enumerate(files)}
    return Corpus(
        np.array([place[word] for text in texts for word in text], dtype=np.int32),
        np.concatenate([[0], np.cumsum([len(text) for text in texts], dtype=np.int64)]),
        vocabulary,
        np.array([label for _, label in origins], dtype=np.int64),
        classes,
        np.array([at[file] for file, _ in origins], dtype=np.int64),
        files,
        digest,
    )


def held_out(file: str) -> bool:
    """Whether a file is for testing; a function of its path alone.

    >>> held_out("numpy/__init__.py") == held_out("numpy/__init__.py")
    True
    """
    return hashlib.sha256(file.encode("utf-8")).digest()[0] % TESTED == 0
