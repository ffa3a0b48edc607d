import importlib.util
import json

import numpy as np
import pytest

from linrep._checks import InputError
from linrep.datasets import _docstrings, docstrings
from linrep.datasets._corpus import collect, held_out
from linrep.datasets._docstrings import content_hash, extract
from linrep.datasets._files import pack, unpack
from linrep.datasets._sources import docstrings_in, source_files
from linrep.datasets._words import prose, words

LONG = " ".join(chr(97 + i) * 2 for i in range(20))
"""Twenty words."""


def test_docstrings_of_every_kind_are_found_in_order():
    source = b""""Module."
class A:
    "Class."
    def f(self):
        "Method."
        def g():
            "Inner."
if True:
    async def h():
        "Guarded."
def nothing():
    x = "no docstring"
add_newdoc("m", "f", "Compiled.")
m.add_newdoc("m", "C", [("a", "First."), ("b", "Second.")])
other("m", "f", "Nothing of the kind.")
"""
    found = list(docstrings_in(source))
    assert found[:6] == ["Module.", "Class.", "Method.", "Inner.", "Guarded.", "Compiled."]
    assert set(found[6:]) == {"a", "First.", "b", "Second."}


@pytest.mark.parametrize("source", [b"def (", b"\0", b"\xff = 1"])
def test_what_is_not_python_has_no_docstrings(source):
    assert list(docstrings_in(source)) == []


def test_invalid_escapes_do_not_warn():
    assert list(docstrings_in(b'"a \\d b"')) == ["a \\d b"]


def test_sources_leave_tests_out_and_import_nothing(tmp_path, monkeypatch):
    for name in ("pkg/__init__.py", "pkg/tests/test_a.py", "pkg/sub/b.py", "pkg/data.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    assert [path for path, _ in source_files("pkg")] == ["pkg/__init__.py", "pkg/sub/b.py"]


def test_a_package_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="no Python source"):
        source_files("a_package_that_is_not_there")


def test_doctests_go_with_their_output_and_prose_stays():
    assert prose("a\n  >>> f(\n  ... 1)\n  out\n\nb >>> c\n...") == "a\n\nb >>> c\n..."


def test_packages_are_masked_inside_words_too():
    assert words("import numpy as np; matplotlibrc, pyplot.plot of SciPy's x y") == ["import", "as", "plot", "of"]


def test_short_and_repeated_documents_are_dropped():
    files = [(0, "a.py", f'"{LONG}"\ndef f():\n    "{LONG[3:]}"'.encode()), (1, "b.py", f'"{LONG.upper()}"'.encode())]
    found = extract(files)
    assert found.n_documents == 1
    assert (found.labels.tolist(), found.files) == ([0], ("a.py",))
    assert [found.vocabulary[k] for k in found.document(0)] == LONG.split()


def test_counts_are_those_of_the_documents():
    texts = [("f", 0, ["b", "a", "b", "c"]), ("g", 1, ["a", "b", "d"]), ("g", 1, ["e"])]
    found = collect(texts, ("k", "l"))
    assert found.vocabulary == ("b", "a", "c", "d", "e")
    expected = [[[*text].count(word) for word in found.vocabulary] for _, _, text in texts]
    assert found.counts(5).toarray().tolist() == expected
    assert found.counts(2).toarray().tolist() == [row[:2] for row in expected]
    assert found.counts(2).dtype == np.int64
    with pytest.raises(InputError, match="vocabulary has 5"):
        found.counts(6)


def test_the_split_is_by_file_and_by_its_path_alone():
    names = [f"pkg/{i}.py" for i in range(400)]
    found = collect([(name, 0, [f"w{i}", str(k)]) for i, name in enumerate(names) for k in range(2)], ("k",))
    test = found.test.reshape(-1, 2)
    assert np.array_equal(test[:, 0], test[:, 1])
    assert test[:, 0].tolist() == [held_out(name) for name in names]
    assert 60 < test[:, 0].sum() < 140  # a quarter of 400 within four and a half standard deviations
    assert np.array_equal(found.train, ~found.test)


@pytest.fixture
def two_packages(tmp_path, monkeypatch):
    """Four small packages in place of the large ones, and how often their docstrings were extracted."""
    runs: list[int] = []
    sources = {name: [(f"{name}/a.py", f'"{LONG} {name[:3]}"'.encode())] for name in _docstrings.PACKAGES}
    extracted = _docstrings.extract
    monkeypatch.setattr(_docstrings, "source_files", lambda name: sources[name])
    monkeypatch.setattr(_docstrings, "extract", lambda *args: runs.append(1) or extracted(*args))
    return sources, runs


def test_a_cached_corpus_is_read_again_and_a_changed_source_is_not(tmp_path, two_packages):
    sources, runs = two_packages
    first, second = docstrings(tmp_path / "c"), docstrings(tmp_path / "c")
    assert len(runs) == 1
    assert pack(first) == pack(second)
    assert first.labels.tolist() == [0, 1, 2, 3]
    sources["numpy"] = [("numpy/a.py", f'"{LONG} anew"'.encode())]
    assert "anew" in docstrings(tmp_path / "c").vocabulary
    assert (len(runs), len(list((tmp_path / "c").iterdir()))) == (2, 2)


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:200], lambda data: b"PK" + data[2:50]])
def test_a_damaged_cache_is_made_again(tmp_path, two_packages, damage):
    whole = docstrings(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert unpack(path) is None
    assert pack(docstrings(tmp_path)) == pack(whole)
    assert unpack(path) is not None


def test_the_cache_follows_the_environment(tmp_path, monkeypatch, two_packages):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    docstrings()
    assert [path.suffix for path in (tmp_path / "linrep").iterdir()] == [".npz"]


def test_a_cache_with_a_pickle_inside_is_not_loaded(tmp_path, two_packages):
    corpus = docstrings(tmp_path)
    (path,) = tmp_path.iterdir()
    texts = np.frombuffer(json.dumps({"digest": corpus.digest}).encode(), dtype=np.uint8)
    arrays = {name: getattr(corpus, name) for name in ("offsets", "labels", "file_ids")}
    np.savez(path, **arrays, texts=texts, tokens=np.array([print], dtype=object))
    assert unpack(path) is None


def test_a_cache_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="pass cache="):
        docstrings(tmp_path / "file")


def test_the_hash_knows_paths_labels_and_contents():
    base = [(0, "a", b"12"), (1, "b", b"")]
    others = [[(0, "a", b"1"), (1, "b", b"2")], [(1, "a", b"12"), (1, "b", b"")], [(0, "c", b"12"), (1, "b", b"")]]
    assert len({content_hash(base), *map(content_hash, others)}) == 4


@pytest.mark.slow
def test_the_corpus_of_the_installed_packages(tmp_path):
    found = docstrings(tmp_path)
    assert 9_000 < found.n_documents < 14_000
    assert min(np.bincount(found.labels)) > 1_000
    assert not set(_docstrings.PACKAGES) & set(found.vocabulary)
    assert not {found.files[k] for k in found.file_ids[found.train]} & {
        found.files[k] for k in found.file_ids[found.test]
    }
    assert int(np.diff(found.offsets).min()) >= _docstrings.LEAST
