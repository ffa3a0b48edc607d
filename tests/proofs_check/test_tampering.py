"""No certificate survives a change: sealed, every change is seen; sealed again, the mathematics sees it."""

import copy
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofs_check.certificates import certify, certify_vacuity, checker
from tests.proofs_check.test_certificates import SMALL, T4, alone, example_one, unrestricted

MADE = {name: make() for name, make in SMALL.items()}
GIVEN = {"problem", "weights", "first", "second"}
Path_ = tuple[str | int, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Paths of everything that is not a list or an object."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, (*path, key))
    else:
        yield path


def holder(certificate: dict[str, Any], path: Path_) -> Any:
    """The list or object that a leaf is in."""
    for key in path[:-1]:
        certificate = certificate[key]
    return certificate


def other_numbers(text: str) -> list[str]:
    """Numbers near a number."""
    value = Fraction(text)
    near = {value + 1, value - 1, -value, 2 * value, value + Fraction(1, 2**40), value * Fraction(10, 11)}
    return sorted(str(v) for v in near - {value})


def garbled(text: str, rng: random.Random) -> Any:
    """Something else in place of a text: another number, other characters, another type."""
    place = rng.randrange(len(text) + 1)
    choices: list[Any] = [
        text[:place] + rng.choice("x/-. e9\u0661") + text[place:],
        text + "/0",
        "",
        None,
        1,
        0.5,
        [text],
    ]
    return rng.choice(choices + (other_numbers(text) if checker.NUMBER.fullmatch(text) else []))


def corrupted(certificate: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A copy with one leaf changed or deleted."""
    changed = copy.deepcopy(certificate)
    path = rng.choice(list(leaves(certificate)))
    inside = holder(changed, path)
    if rng.random() < 0.2:
        del inside[path[-1]]
    else:
        inside[path[-1]] = garbled(inside[path[-1]], rng)
    return changed


def resealed(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate with a fitting digest."""
    return certificate | {"sha256": checker.seal(certificate)}


LARGE = {"linear": lambda: certify(T4, example_one()), "vacuous": lambda: certify_vacuity(unrestricted())}


@pytest.mark.parametrize("name", [*MADE, *LARGE])
def test_random_corruptions_are_rejected(name: str):
    rng, certificate = random.Random(1), MADE[name] if name in MADE else LARGE[name]()
    for changed in (corrupted(certificate, rng) for _ in range(200)):
        assert changed != certificate
        with pytest.raises(checker.RejectedError):
            checker.check(changed)


def survives(certificate: dict[str, Any]) -> bool:
    """Whether the checker accepts it once it is sealed again."""
    try:
        checker.check(resealed(certificate))
    except checker.RejectedError:
        return False
    return True


@pytest.mark.parametrize("name", MADE)
def test_random_corruptions_under_a_new_seal_are_rejected(name: str):
    rng, body = random.Random(2), {key: value for key, value in MADE[name].items() if key != "sha256"}
    survivors = [changed for changed in (corrupted(body, rng) for _ in range(200)) if survives(changed)]
    # A true claim about another problem or representation may survive; the same problem allows no other numbers.
    assert all(any(changed[part] != body[part] for part in GIVEN & set(body)) for changed in survivors)
    assert len(survivors) <= 5


@pytest.mark.parametrize("name", MADE)
def test_every_number_found_or_claimed_carries_weight(name: str):
    for path in leaves(MADE[name]):
        text = holder(MADE[name], path)[path[-1]]
        if path[0] not in GIVEN and checker.NUMBER.fullmatch(text):
            changed = copy.deepcopy(MADE[name])
            holder(changed, path)[path[-1]] = str(Fraction(text) + 1)
            assert not survives(changed), path


def test_a_few_corruptions_alone(tmp_path: Path):
    rng = random.Random(3)
    for certificate in MADE.values():
        code, out, err = alone(tmp_path, corrupted(certificate, rng))
        assert (code, err) == (1, "")
        assert out.startswith("REJECTED: ")


SEALED = json.dumps(MADE["counting_floor"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"12",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"NaN",
        b'{"kind": ' + b"9" * 5000 + b"}",
        b"{" + SEALED.encode()[1:-1] + b', "dim": "2"}',
        b" " * (checker.LARGEST_FILE + 1) + SEALED.encode(),
        json.dumps(resealed(MADE["counting_floor"] | {"dim": "1/0"})).encode(),
        json.dumps(resealed(MADE["counting_floor"] | {"dim": "__import__('os')"})).encode(),
        json.dumps(resealed(MADE["counting_floor"] | {"extra": "1"})).encode(),
        json.dumps(resealed(MADE["vacuity_witness"] | {"problem": []})).encode(),
        json.dumps(resealed(MADE["vacuity_witness"] | {"problem": {"prior": 1}})).encode(),
        json.dumps(resealed(MADE["vacuity_witness"] | {"weights": [[]]})).encode(),
        json.dumps(resealed(MADE["vacuity_witness"] | {"kind": "counting_floor"})).encode(),
        json.dumps(resealed(MADE["bound_holds"] | {"theorem": ["a"]})).encode(),
        json.dumps(resealed(MADE["bound_holds"] | {"eigenvalues": [["1", "1", "1"]] * 3})).encode(),
    ],
)
def test_malformed_files_are_rejected_in_one_line(data: bytes, tmp_path: Path):
    code, out, err = alone(tmp_path, data)
    assert (code, err) == (1, "")
    assert out.startswith("REJECTED: ")
    assert out.count("\n") == 1


def test_a_missing_file_is_rejected(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert checker.main(str(tmp_path / "nothing.json")) == 1
    assert capsys.readouterr().out.startswith("REJECTED: ")
