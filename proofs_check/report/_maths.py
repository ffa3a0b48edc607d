"""Formulas as MathML, which browsers typeset without any script."""

import re

from latex2mathml.converter import convert
from markupsafe import Markup

_NAME = re.compile(r"\\mathrm\{([^{}]*)\}")


def mathml(latex: str) -> Markup:
    """A formula of the theory as MathML, to be put into a page as it is; its LaTeX is kept as the alternative text.

    Args:
        latex: what a symbol, a term or a statement prints.

    Source: ours.

    >>> str(mathml("x")).count("<mi>x</mi>")
    1
    """
    # \mathrm would be cut into letters; an operator of two words is one word here
    text = _NAME.sub(r"\\text{\1}", latex).replace(r"\arg\max", r"\operatorname{argmax}")
    return Markup(convert(text).replace("<math ", Markup('<math alttext="{}" ').format(latex), 1))
