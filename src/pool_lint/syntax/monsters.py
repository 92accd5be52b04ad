"""Generated code that no parser should be given."""

from __future__ import annotations

import re

# CPython's own tokenizer stops here; beyond it libcst's parser overflows the stack.
_MAX_NESTING = 200
# The cost of libcst's parser grows with the square of a chain of operators.
_MAX_CHAIN = 3000
_MARKS = (
    r"#[^\r\n]*|(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|\"(?:[^\\\r\n]|\\.)*\"|'(?:[^\\\r\n]|\\.)*')"
    r"|([(\[{])|([)\]}])|(\*\*|//|<<|>>|[-+*/%|&^@.]|\b(?:and|or|not|if|else|await)\b)|([\r\n])"
)
_ROUGH = re.compile(_MARKS, re.DOTALL)
_EXACT = re.compile(_MARKS + r"|([,;])|(lambda\b)", re.DOTALL)


def monstrous_row(text: str) -> int | None:
    """The row where brackets nest, or operators follow each other, beyond all reason.

    Args:
        text: Python code; what looks like a string or a comment is passed over.

    Returns:
        The row in ``text``, from 1, or None.
    """
    # Without its commas a list is one chain; few texts are so long that the difference matters.
    return None if _row(text, _ROUGH) is None else _row(text, _EXACT)


def _row(text: str, marks: re.Pattern[str]) -> int | None:
    # An element begins as deep as what stands before its bracket (base), and what follows the
    # bracket is as deep as the deepest element (deepest).
    chain = base = deepest = 0
    around: list[tuple[int, int]] = []
    for match in marks.finditer(text):
        kind = match.lastindex
        if kind == 1:
            around.append((base, deepest))
            base = deepest = chain
            if len(around) > _MAX_NESTING:
                return text.count("\n", 0, match.start()) + 1
        elif kind == 2:
            if around:
                chain = max(chain, deepest)
                base, deepest = around.pop()
        elif kind == 3:
            chain += 1
            if chain > _MAX_CHAIN:
                return text.count("\n", 0, match.start()) + 1
        elif kind == 4:
            if not around:
                chain = base = 0
        elif kind == 5:
            deepest = max(chain, deepest)
            chain = base
        elif kind == 6:
            # The commas between its parameters end nothing: what follows is below it.
            base = chain = chain + 1
    return None
