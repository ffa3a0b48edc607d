import csv
import os
import pickle
import sys

import numpy as np
import pytest

from linrep._checks import InputError
from linrep.datasets import ag_news, cifar10, digits
from linrep.datasets._cifar import BATCHES
from linrep.datasets._restricted import read_pickle


class Harm:
    """Unpickling this makes a folder."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def batch(i, n=3):
    rng = np.random.default_rng(i)
    return {b"data": rng.integers(0, 256, (n, 3072), dtype=np.uint8), b"labels": rng.integers(0, 10, n).tolist()}


def write_archive(folder, protocol=2, **changed):
    for i, name in enumerate(BATCHES):
        (folder / name).write_bytes(pickle.dumps(changed.get(name, batch(i)), protocol=protocol))
    return folder


@pytest.mark.parametrize("protocol", range(5))
def test_a_tiny_archive_is_read(tmp_path, protocol):
    found = cifar10(write_archive(tmp_path, protocol))
    assert found.images.shape == (18, 32, 32, 3)
    assert found.test.tolist() == [False] * 15 + [True] * 3
    for i in range(6):
        rows, labels = batch(i)[b"data"], batch(i)[b"labels"]
        for j in range(3):
            image = found.images[3 * i + j]
            for colour in range(3):
                assert np.array_equal(image[:, :, colour].ravel(), rows[j, 1024 * colour : 1024 * (colour + 1)])
        assert found.labels[3 * i : 3 * i + 3].tolist() == labels


def test_a_malicious_pickle_is_refused_and_does_not_run(tmp_path):
    made = tmp_path / "made"
    harmful = {b"data": batch(0)[b"data"], b"labels": Harm(str(made))}
    pickle.loads(pickle.dumps(harmful))
    assert made.is_dir()  # an ordinary unpickler runs it
    made.rmdir()
    with pytest.raises(InputError, match=r"asks for (posix|nt)\.mkdir"):
        cifar10(write_archive(tmp_path, data_batch_2=harmful))
    assert not made.exists()


@pytest.mark.parametrize(
    "program",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"cnumpy\nload\n(S'x'\ntR.",
        b"cnumpy.core.multiarray\nfromfile\n(tR.",
        b"c_codecs\nencode\n(S'a'\nS'zip'\ntR.",
        b"cnumpy\ndtype\n(S'O8'\ntR.",
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\ndtype\ntR.",
        b"cnumpy\ndtype\n.",
        b"cnumpy.core.multiarray\n_reconstruct\n}S'x'\nI1\nsb.",
    ],
)  # fmt: skip
def test_programs_are_refused(program):
    with pytest.raises(InputError):
        read_pickle(program, "it")


@pytest.mark.parametrize(
    "value",
    [np.array([None]), np.array(["text"]), np.zeros(2, dtype=[("a", "f8")]), {1, 2}, np.datetime64(1, "s"), len],
)
def test_only_numbers_lists_and_dictionaries_are_data(value):
    with pytest.raises(InputError):
        read_pickle(pickle.dumps({b"data": value}, protocol=2), "it")


@pytest.mark.parametrize(
    "value", [np.arange(6.0).reshape(2, 3).T, np.arange(3, dtype=">i4"), np.zeros((0, 4)), np.array(True)]
)
@pytest.mark.parametrize("protocol", range(5))
def test_arrays_come_back_as_they_were(value, protocol):
    (found,) = read_pickle(pickle.dumps([value], protocol=protocol), "it")
    assert (found.dtype, found.shape) == (value.dtype, value.shape)
    assert np.array_equal(found, value)


def test_an_array_with_too_few_bytes_is_refused():
    whole = pickle.dumps(np.zeros(8, dtype=np.uint8), protocol=4)
    assert whole.count(b"K\x08\x85") == 1
    with pytest.raises(InputError, match="bytes"):
        read_pickle(whole.replace(b"K\x08\x85", b"K\x09\x85"), "it")


@pytest.mark.parametrize(
    "entry",
    [
        [],
        {},
        {b"data": 3},
        {b"data": batch(0)[b"data"]},
        {**batch(0), b"labels": [1, 2]},
        {**batch(0), b"labels": [1, 2, 10]},
    ],
)
def test_archives_of_another_form_are_refused(tmp_path, entry):
    with pytest.raises(InputError, match="python version"):
        cifar10(write_archive(tmp_path, test_batch=entry))


def test_damaged_and_missing_files_are_told(tmp_path):
    with pytest.raises(InputError, match="data_batch_1 cannot be read"):
        cifar10(tmp_path)
    write_archive(tmp_path)
    path = tmp_path / "data_batch_3"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match="data_batch_3 is not a readable pickle"):
        cifar10(tmp_path)


@pytest.mark.parametrize("header", [[], [["Class Index", "Title", "Description"]]])
def test_news_is_read(tmp_path, header):
    rows = [["3", 'Oil, "gas"', "Up\nagain"], ["1", "Vote", "Über"]]
    with (tmp_path / "n.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([*header, *rows])
    found = ag_news(tmp_path / "n.csv")
    assert found.texts == ('Oil, "gas" Up\nagain', "Vote Über")
    assert [found.classes[k] for k in found.labels] == ["Business", "World"]


@pytest.mark.parametrize("text", ["", "5,a,b\n", "1,a\n", "1,a,b\n\n", "1,a,b\nx,a,b\n"])
def test_news_of_another_form_is_refused(tmp_path, text):
    (tmp_path / "n.csv").write_text(text)
    with pytest.raises(InputError, match=r"n\.csv"):
        ag_news(tmp_path / "n.csv")


def test_news_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "n.csv").write_bytes(b"1,a,\xff\n")
    with pytest.raises(InputError, match="UTF-8"):
        ag_news(tmp_path / "n.csv")


def test_digits():
    found = digits()
    assert found.images.shape == (1797, 8, 8)
    assert (found.images.min(), found.images.max()) == (0.0, 1.0)
    assert np.bincount(found.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(InputError, match=r'pip install "linrep\[experiments\]"'):
        digits()
