"""`linrep sources`: every theorem, its paper, its place, and how it was read."""

import json

import pytest

from linrep.bounds import CATALOGUE, linrep26, tosh21
from proofs_check import cli, sources


def test_every_theorem_is_listed_with_a_paper_that_is_in_the_bibliography():
    table = sources.table()
    assert table.column("theorem") == [t.key for t in CATALOGUE]
    assert all("(" in paper and ": " in paper for paper in table.column("paper"))
    assert {row["provenance"] for row in table.rows} == {"paper", "second hand", "ours"}


def test_at_least_thirty_entries_from_at_least_twelve_papers():
    assert len(CATALOGUE) >= 30
    assert len({t.source.key for t in CATALOGUE} - {"linrep26"}) >= 12


def test_names_are_shortened_and_unknown_keys_refused():
    assert sources.cited("tosh21").startswith("Tosh, Krishnamurthy, Hsu (2021): ")
    assert sources.cited("saunshi22").startswith("Saunshi et al. (2022): ")
    with pytest.raises(ValueError, match="nobody99"):
        sources.cited("nobody99")


def test_the_command_prints_text_json_and_markdown(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["sources"]) == 0
    out = capsys.readouterr().out
    assert out.rstrip().splitlines()[-1] == sources.summary()
    for theorem in CATALOGUE:
        assert f"{theorem.key}: " in out
    assert cli.run(["sources", "--json", "--theorem", "tosh21.direct"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["place"], row["differs"]) == (tosh21.DIRECT.source.place, tosh21.DIRECT.source.differs)
    assert cli.run(["sources", "--markdown", "--theorem", linrep26.RISK_GAP_MEAN.key]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("| theorem | paper | place |")
    assert cli.run(["sources", "--theorem", "nothing"]) == 2
