"""LaTeX of the theory's notation as plain Unicode text."""

import re

COMMANDS = {
    "alpha": "α", "gamma": "γ", "delta": "δ", "Delta": "Δ", "Gamma": "Γ", "varepsilon": "ε", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "pi": "π", "rho": "ρ", "sigma": "σ", "Sigma": "Σ", "tau": "τ", "varphi": "φ", "le": "≤", "ge": "≥",
    "neq": "≠", "sum": "∑", "sqrt": "√", "cdot": "·", "top": "⊤", "perp": "⊥", "ldots": "…", "circ": "∘", "infty": "∞",
    "Leftrightarrow": "⇔", "in": "∈", "Pr": "Pr", "min": "min ", "max": "max ", "arg": "arg ", "log": "log ",
    "Lambda": "Λ",
}  # fmt: skip
RELATIONS = "≤≥≠⇔∈"
MARKS = {"bar": "\N{COMBINING MACRON}", "hat": "\N{COMBINING CIRCUMFLEX ACCENT}"}
SUBSCRIPT = dict(zip("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
SUPERSCRIPT = dict(zip("0123456789+-ni⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵀ", strict=True))
_WORD = re.compile(r"\\(?:mathrm|text|mathbb)\{([^{}]*)\}")
_MARK = re.compile(r"\\(bar|hat)\s*\{?([A-Za-z])\}?")
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|(.))")


def plain(latex: str) -> str:
    """A formula of the theory in Unicode: Greek letters, bars, sub- and superscripts where characters exist for them.

    Source: ours.

    >>> plain(r"\\sum_{i\\le d}\\kappa_i^2 \\ge \\bar R_{\\min} / \\lambda_{d+1}")
    '∑_{i≤d}κᵢ² ≥ R̄_min / λ_{d+1}'
    """
    text = _WORD.sub(lambda m: m.group(1), latex.replace(r"\mathbb{E}", " E"))
    text = _MARK.sub(lambda m: m.group(2) + MARKS[m.group(1)], text)
    text = text.replace("\\|", "‖").replace("\\,", " ").replace("\\;", " ")
    text = re.sub(r"\\([A-Za-z]+)( ?)", _command, text)
    text = re.sub(r" +", " ", re.sub(r"\b(min|max) (?=[_}^])", r"\1", text))
    while (found := _SCRIPT.search(text)) is not None:
        text = text[: found.start()] + _script(*found.groups()) + text[found.end() :]
    text = re.sub(r" ?≠ ?", " ≠ ", text)
    text = re.sub(r"√\{([^{}]*)\}", r"√(\1)", text)
    return text.translate({0xE000: "_", 0xE001: "^", 0xE002: "{", 0xE003: "}"}).strip()


def _command(found: re.Match[str]) -> str:
    """What a command stands for; the blank that ends a letter's command is no blank, the one after a relation is."""
    sign = COMMANDS.get(found.group(1), found.group(1))
    return sign + (found.group(2) if sign in RELATIONS else "")


def _script(mark: str, group: str | None, single: str | None) -> str:
    """A raised or lowered part; marks that stay are written in private characters until everything is replaced."""
    body = re.sub(r"([≤≥]) ", r"\1", (group if group is not None else single or "").strip())
    table, kept = (SUBSCRIPT, "\ue000") if mark == "_" else (SUPERSCRIPT, "\ue001")
    if len(body) == 1 or mark == "^":
        raised = [table.get(c) for c in body]
        if body and None not in raised:
            return "".join(r or "" for r in raised)
    return f"{kept}{body}" if len(body) == 1 or body.isalnum() else f"{kept}\ue002{body}\ue003"
