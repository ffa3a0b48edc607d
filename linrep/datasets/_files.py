"""A corpus as one file of plain arrays; nothing that is read can run."""

import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from linrep.datasets._corpus import Corpus

ARRAYS = ("tokens", "offsets", "labels", "file_ids")
TEXTS = ("vocabulary", "classes", "files")


def pack(corpus: Corpus) -> bytes:
    """The bytes of an .npz file.

    >>> from linrep.datasets._corpus import collect
    >>> len(pack(collect([("a", 0, ["x"])], ("k",)))) > 100
    True
    """
    texts = {name: list(getattr(corpus, name)) for name in TEXTS}
    written = json.dumps({**texts, "digest": corpus.digest}).encode("utf-8")
    out = io.BytesIO()
    arrays = {name: getattr(corpus, name) for name in ARRAYS}
    np.savez_compressed(out, **arrays, texts=np.frombuffer(written, dtype=np.uint8))
    return out.getvalue()


def unpack(path: Path) -> Corpus | None:
    """The corpus that was packed into a file; None where there is none or the file is damaged.

    >>> unpack(Path("nowhere.npz")) is None
    True
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
            fields: dict[str, Any] = {name: held[name] for name in ARRAYS}
            texts = json.loads(held["texts"].tobytes())
        fields |= {name: tuple(texts[name]) for name in TEXTS}
        return Corpus(**fields, digest=texts["digest"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error):
        return None
