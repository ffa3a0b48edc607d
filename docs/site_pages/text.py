"""Words and formulas of the project as reStructuredText."""

import re

_MARKED = re.compile(r"(``.*?``|`[^`]*`|(?<![\w*])\*[a-z]+\*(?![\w*]))", re.DOTALL)
_SPECIAL = re.compile(r"([\\*|])|(?<=\w)(_)(?!\w)")
_SEVERAL = re.compile(r"^( +\w+)((?:, \w+)+)(?=: )")
_GREEK = {
    "alpha": "α",
    "delta": "δ",
    "Delta": "Δ",
    "eps": "ε",
    "kappa": "κ",
    "lambda": "λ",
    "rho": "ρ",
    "Sigma": "Σ",
    "tau": "τ",
    "theta": "θ",
}
_NAMED = re.compile(rf"(?<![A-Za-z_])({'|'.join(_GREEK)})(?![A-Za-z])")
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠", " - ": " − ", "^2": "²"}
UNDERLINES = "=-~"


def prose(text: str) -> str:
    """Plain text with code in backticks and a word in *stars*: nothing else means anything to reStructuredText.

    >>> print(prose("f_i* of `n_bar` inputs, |x|_"))
    f_i\\* of `n_bar` inputs, \\|x\\|_
    """
    parts = _MARKED.split(text)
    return "".join(part if _MARKED.fullmatch(part) else _SPECIAL.sub(r"\\\1\2", part) for part in parts)


def formal(text: str) -> str:
    """Words with small formulas typed on a keyboard, such as statements of hypotheses, with the letters of the field.

    >>> formal("some k <= d has kappa_k > 0")
    'some k ≤ d has κ_k > 0'
    """
    text = _NAMED.sub(lambda found: _GREEK[found[1]], text)
    for typed, sign in _SIGNS.items():
        text = text.replace(typed, sign)
    return prose(text)


def sentence(text: str) -> str:
    """A phrase as the beginning of a sentence; a symbol at its head stays as it is.

    >>> sentence("any representation"), sentence("k-means")
    ('Any representation', 'k-means')
    """
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first == "a" or (len(first) > 1 and first.isalpha()) else text


def heading(text: str, level: int = 0) -> str:
    """A title, underlined.

    >>> print(heading("A title"))
    A title
    =======
    """
    said = prose(text)
    return f"{said}\n{UNDERLINES[level] * len(said)}"


def docstring(lines: list[str]) -> None:
    """Escape the words of a docstring in place; examples stay as they are.

    Several arguments in one entry are written without blanks: "lower, upper" would read as a type and a name.
    """
    example = False
    for place, line in enumerate(lines):
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        if not example:
            lines[place] = prose(_SEVERAL.sub(lambda m: m[1] + m[2].replace(", ", ","), line))
