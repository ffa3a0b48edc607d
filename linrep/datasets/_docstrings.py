"""The docstrings of four scientific packages, labelled by package."""

import hashlib
import os
from importlib import metadata
from pathlib import Path

from linrep._checks import InputError
from linrep.datasets._corpus import Corpus, collect
from linrep.datasets._files import pack, unpack
from linrep.datasets._sources import docstrings_in, source_files
from linrep.datasets._words import PACKAGES, words
from linrep.tables import write_atomically

LEAST = 20
"""Words of the shortest document."""

RECIPE = 1
"""Raise this when documents are extracted in another way: it is part of the name of a cached corpus."""

Sources = list[tuple[int, str, bytes]]
"""Class, path and content of each file."""


def docstrings(cache: str | os.PathLike[str] | None = None) -> Corpus:
    """The docstrings of the installed numpy, scipy, sympy and matplotlib as a corpus of four classes.

    They are read from the source with `ast`, those of compiled functions from calls to `add_newdoc`; nothing is
    imported or downloaded. Doctests are left out, repetitions are kept once, package names and their aliases are
    masked, and a document has at least 20 words. The first call takes about 20 seconds; the result is cached under a
    name that holds the versions of the packages and a hash of their source.

    Args:
        cache: folder of the cached corpus, made if it is not there; default `$XDG_CACHE_HOME/linrep`, or
            `~/.cache/linrep`.

    Raises:
        InputError: a package without source, or a folder that cannot be written.

    Source: ours.

    A call without arguments returns a `Corpus` of about 11,000 documents; the cache has to be a folder:

    >>> docstrings(cache="/dev/null")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    linrep._checks.InputError: datasets.docstrings: the cache /dev/null cannot be made a folder (...); pass cache=, ...
    """
    folder = cache_folder(cache)
    sources = [(label, path, text) for label, name in enumerate(PACKAGES) for path, text in source_files(name)]
    digest = content_hash(sources)
    place = folder / f"docstrings-{_versions()}-{digest[:16]}.npz"
    found = unpack(place)
    if found is None or found.digest != digest:
        found = extract(sources, digest)
        write_atomically(place, pack(found))
    return found


def extract(sources: Sources, digest: str = "") -> Corpus:
    """The corpus of the docstrings in some files, each with its class."""
    documents = [(path, label, words(text)) for label, path, source in sources for text in docstrings_in(source)]
    return collect(documents, PACKAGES, digest, LEAST)


def content_hash(sources: Sources) -> str:
    """A hash of paths, contents and the way of extraction.

    >>> content_hash([(0, "a", b"1")]) == content_hash([(0, "a", b"2")])
    False
    """
    whole = hashlib.sha256(f"recipe {RECIPE}".encode())
    for label, path, text in sources:
        whole.update(f"{label} {path} {len(text)} ".encode())
        whole.update(text)
    return whole.hexdigest()


def cache_folder(cache: str | os.PathLike[str] | None) -> Path:
    """The folder for cached files, made if it is not there."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    place = Path(base) / "linrep" if cache is None else Path(cache)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"datasets.docstrings: the cache {place} cannot be made a folder ({error.strerror}); pass cache=, a folder "
            "that can be written."
        ) from error
    return place


def _versions() -> str:
    return "-".join(metadata.version(name) for name in PACKAGES)
