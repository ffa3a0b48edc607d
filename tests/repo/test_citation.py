"""The citation file says what the package says: its version, when it was released, and what has to be there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
FIELDS = ("cff-version", "message", "type", "title", "abstract", "authors", "version", "date-released", "license")
"""What the Citation File Format asks for, and what a reader of a software citation needs."""


def fields(text: str) -> dict[str, str]:
    """The fields of the first level, with what stands on their own line."""
    return {name: value.strip().strip('"') for name, value in re.findall(r"^([a-z-]+):(.*)$", text, re.MULTILINE)}


def complaints(text: str) -> list[str]:
    """What is wrong with a citation file, beside the project's own."""
    found, project = fields(text), tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    missing = [f"no {name}" for name in FIELDS if name not in found]
    said = {"version": project["version"], "license": project["license"], "date-released": released(project["version"])}
    return missing + [f"{name} is not {value}" for name, value in said.items() if found.get(name) != value]


def released(version: str) -> str:
    """The date of a version in the changelog."""
    return dict(re.findall(r"^## \[([^\]]+)\] - (\S+)$", CHANGES, re.MULTILINE))[version]


def test_citation_is_that_of_this_version():
    assert complaints(CITATION) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 0.", "version: 9.", "version is not"),
        ("title:", "titel:", "no title"),
        ("Apache", "MIT", "license is"),
    ],
)
def test_a_wrong_citation_is_noticed(old: str, new: str, said: str):
    broken = "\n".join(
        line.replace(old, new, 1) if line.startswith(old) or old == "Apache" else line for line in CITATION.splitlines()
    )
    assert any(said in complaint for complaint in complaints(broken))


def test_what_is_not_released_stands_above_what_is():
    assert CHANGES.index("## [Unreleased]") < CHANGES.index("## [0.1.0]")
