"""Docstrings: views by their definition, what a run records, the table over all runs, and the band of linear maps."""

from typing import cast

import jax
import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

import jax.numpy as jnp

from linrep._types import dense
from linrep.datasets import Corpus
from linrep.datasets._corpus import collect
from linrep.features import Linear
from linrep.losses import spectral
from linrep.moments import Moments, population
from linrep.processes import TokenSampling
from linrep.risks import regression
from linrep.tables import Table, load
from proofs_check import cli, experiments
from proofs_check.experiments import _docstrings as docstrings
from proofs_check.experiments import _placed_words as words
from proofs_check.experiments import _studies as studies
from proofs_check.experiments._arms import run
from proofs_check.experiments._placed import exactly, placed_scenes
from proofs_check.experiments._words import CUTS, PADDING, Cut, padded, views
from proofs_check.studies import band
from tests import tolerances

KEY = jax.random.key(0)
TOKENS = jnp.asarray(np.where(np.arange(9) < np.arange(1, 9)[:, None], 10 * np.arange(8)[:, None] + np.arange(9), -1))
"""Documents of one to eight tokens, no token twice, in nine places."""


def some(count: int = 400, vocabulary: int = 12) -> Corpus:
    """Two classes of documents of eight words each; one class likes the first half of the words."""
    rng = np.random.default_rng(0)
    names = [chr(97 + i) for i in range(vocabulary)]
    texts = [[names[j] for j in rng.integers(0, vocabulary - (vocabulary // 2) * (i % 2), 8)] for i in range(count)]
    return collect([(f"{i % 40}.py", i % 2, text) for i, text in enumerate(texts)], ("k", "l"))


def drawn_views(cut: Cut, draws: int = 40) -> list[tuple[list[int], list[int]]]:
    """Documents and views of them, both without padding."""
    found = np.asarray(jax.jit(jax.vmap(lambda key: views(TOKENS, key, cut)))(jax.random.split(KEY, draws)))
    whole = [row[row != PADDING].tolist() for row in np.asarray(TOKENS)]
    for row in found.reshape(-1, found.shape[-1]):
        assert (np.diff((row == PADDING).astype(int)) >= 0).all()  # padding stands at the end
    return [(whole[i], row[row != PADDING].tolist()) for sheet in found for i, row in enumerate(sheet)]


def test_a_thinned_view_keeps_the_order_and_the_right_share():
    drawn = drawn_views(CUTS[0])
    assert all(view == [token for token in whole if token in view] for whole, view in drawn)
    total, kept = (sum(len(pair[i]) for pair in drawn) for i in (0, 1))
    assert abs(kept / total - 0.7) < tolerances.frequency_budget(np.array([0.7, 0.3]), total).max()


def test_a_shuffled_view_has_tokens_of_its_document_in_any_order():
    drawn = drawn_views(CUTS[1])
    assert all(set(view) <= set(whole) and len(set(view)) == len(view) for whole, view in drawn)
    assert any(view != sorted(view) for _, view in drawn)
    assert {whole[-1] == view[0] for whole, view in drawn if len(whole) == len(view) == 2} == {True, False}


@pytest.mark.parametrize("cut", CUTS[2:], ids=lambda cut: cut.name)
def test_a_part_of_a_document_is_a_half_or_the_whole(cut: Cut):
    drawn = drawn_views(cut)
    for length in range(2, 9):
        seen = {tuple(view) for whole, view in drawn if len(whole) == length}
        whole = tuple(10 * (length - 1) + i for i in range(length))
        halves = {whole[: length // 2], whole[length // 2 :]}
        assert seen == halves | ({whole} if cut.name == "split_full" else set())


def test_frequent_words_are_the_tokens_and_files_decide_what_is_held_out(monkeypatch):
    corpus = some()
    monkeypatch.setattr(docstrings, "documents", lambda: corpus)
    monkeypatch.setattr(docstrings, "LENGTH", 4)
    found = docstrings.drawn(KEY)
    cut, tokens = int(found["cut"]), np.asarray(found["documents"])
    assert tokens.shape == (corpus.n_documents, 4)
    texts = padded(corpus, words=docstrings.WORDS, length=4)
    for part, held in ((slice(None, cut), False), (slice(cut, None), True)):
        assert sorted(map(tuple, tokens[part])) == sorted(map(tuple, texts[corpus.test == held]))


def test_a_run_records_what_the_table_needs(tmp_path, monkeypatch):
    corpus, said = some(), []
    for name, value in (("HELD_OUT", 128), ("documents", lambda: corpus), ("LENGTH", 4), ("WORDS", 12)):
        monkeypatch.setattr(docstrings, name, value)
    arm = docstrings.DocstringsArm(CUTS[0], "bag_of_words", (0,), (1, 2), tmp_path)
    table = run(arm, said.append).trajectory
    assert table.column("step") == [1, 2]
    assert said[-1] == "drop, bag_of_words: 2 of 2"
    assert arm.checkpoint.exists()
    values = np.array([[row[name] for name in docstrings.WORDS_MEASURED] for row in table.rows], float)
    assert np.isfinite(values).all()
    assert docstrings.words_accuracy() > 0.8  # one class uses half of the words


def made_up(folder, *, seeds, quick, tell) -> Table:
    """What training would return, without it: the bag has the worst loss, and the best accuracy but with `split`."""
    tell("made up")
    rows = []
    for cut in CUTS:
        for place, encoder in enumerate(docstrings.READERS):
            best = place + (0 if cut.name != "split" else -9 * place)
            values = dict.fromkeys(docstrings.WORDS_MEASURED, 0.0) | {"logistic_accuracy": best, "held_out_loss": place}
            rows += [
                {"augmentations": cut.name, "encoder": encoder, "step": step, "seed": seed, **values}
                for step in (1, 2)
                for seed in seeds
            ]
    return Table(tuple(rows[0]), tuple(rows))


def test_the_table_ranks_the_networks_under_each_augmentation(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setitem(studies.STUDIES, "docstrings", (made_up, docstrings.docstrings_summary))
    monkeypatch.setattr(docstrings, "words_accuracy", lambda: 0.75)
    assert cli.run(["train", "docstrings", "--seeds", "2", "--out", str(tmp_path)]) == 0
    table = load(tmp_path / "docstrings.jsonl")
    assert len(table.rows) == 12
    bag = table.where(encoder="bag_of_words")
    assert bag.column("accuracy_rank") == [1, 1, 3, 1]
    assert bag.column("loss_rank") == [3, 3, 3, 3]
    assert bag.column("published_accuracy_rank") == [1, 1, 1, 1]
    assert table.where(encoder="gru").column("published_loss_rank") == [None] * 4
    entries = np.array(table.column("entries"), int)
    assert entries.max() < 1.5 * entries.min()
    assert (tmp_path / "docstrings.png").read_bytes()[1:4] == b"PNG"
    assert "docstrings-along.csv" in capsys.readouterr().out


def test_views_of_token_sampling_are_tokens_of_the_document_in_their_shares():
    scene = words.bag_scene(some(20), words=12)
    process = scene.classes[0][1]
    assert isinstance(process, TokenSampling)
    counts = dense(process.counts)
    data = words.written_out(process)
    tokens, starts, sizes = map(np.asarray, data)
    for i, row in enumerate(counts):
        assert np.array_equal(np.bincount(tokens[starts[i] : starts[i] + sizes[i]], minlength=12), row)
    first, second = words.sampled(data, KEY, 5_000, length=20)
    assert not np.array_equal(first, second)
    seen = np.bincount(np.asarray(first).ravel(), minlength=12) / first.size
    shares = (counts / counts.sum(axis=1, keepdims=True)).mean(axis=0)
    # tokens of one view are dependent: as many independent ones as there are views at least
    assert (np.abs(seen - shares) < tolerances.frequency_budget(shares, len(first))).all()


def test_word_sums_are_the_linear_class_on_relative_counts():
    network = words.WordSums(12, 3, key=KEY)
    ids = jnp.array([[0, 3, 3, 11], [5, 5, 5, 5]])
    shares = np.array([np.bincount(row, minlength=12) / 4 for row in np.asarray(ids)])
    expected = shares @ np.asarray(network.weight, np.float64)
    assert np.allclose(network(ids), expected, rtol=0, atol=tolerances.single_precision(20, 5.0))


def test_trained_linear_maps_lie_in_the_band_and_a_planted_point_does_not():
    scene = words.bag_scene(some(40), words=12)._replace(dim=2)
    found = placed_scenes([scene], words.bag_experiment, seeds=(0,), records=(2, 40), tell=lambda _: None)
    points = found["placed"]
    assert points.column("inside") == [True] * 4
    losses = np.array(points.where(algorithm="Adam, spectral loss").column("population_loss"), float)
    assert losses[1] < losses[0]
    _, process, features = scene.classes[0]
    allowed = band(population(process, features, scene.label), dim=2)
    planted = [(allowed.lower[0] + allowed.trivial) / 2, allowed.floor / 2]
    refused = Table(
        ("population_loss", "population_risk"),
        tuple({"population_loss": allowed.minimum, "population_risk": float(risk)} for risk in planted),
    )
    assert experiments.placed(refused, allowed).column("inside") == [False, False]


def test_the_measured_loss_and_risk_are_those_of_all_views_listed():
    corpus = some(6, vocabulary=4)
    scene = words.bag_scene(corpus, words=4)
    process = TokenSampling(corpus.counts(4), length=3)
    moments = cast(Moments, population(process, Linear(), scene.label))
    network = words.WordSums(4, 2, key=KEY)
    listed = population(process.finite(), Linear(), scene.label)
    found = exactly(moments, "Adam, spectral loss")(network, None)
    weights = np.asarray(network.weight, np.float64)
    expected = spectral(listed, weights), regression(listed, weights, readout="augmented", intercept=True)
    budget = tolerances.single_precision(1)  # both in double precision, of magnitude below 100
    assert np.allclose(list(found.values()), expected, rtol=0, atol=budget)


@pytest.mark.slow
def test_the_band_is_a_command(tmp_path, monkeypatch):
    corpus = some(40)
    scene = words.bag_scene(corpus, words=12)._replace(dim=2)
    monkeypatch.setattr(words, "bag_scene", lambda _: scene)
    monkeypatch.setattr(words, "documents", lambda: corpus)
    monkeypatch.setattr(words, "QUICK", (1, 2))
    assert cli.run(["train", "docstrings-band", "--quick", "--out", str(tmp_path)]) == 0
    assert load(tmp_path / "docstrings-band.jsonl").column("inside") == [2, 2]
    assert (tmp_path / "docstrings-band.png").exists()
