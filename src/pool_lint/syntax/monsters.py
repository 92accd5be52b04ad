"""Generated code that no parser should be given."""

from __future__ import annotations

import re

# CPython's own tokenizer stops here; beyond it libcst's parser overflows the stack.
_MAX_NESTING = 200
# The cost of libcst's parser grows with the square of a chain of operators.
_MAX_CHAIN = 3000
_SKIP = re.compile(
    r"#[^\r\n]*|(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|\"(?:[^\\\r\n]|\\.)*\"|'(?:[^\\\r\n]|\\.)*')"
    r"|([(\[{])|([)\]}])|(\*\*|//|<<|>>|[-+*/%|&^@.])|([\r\n])",
    re.DOTALL,
)


def monstrous_row(text: str) -> int | None:
    """The row where brackets nest, or operators follow each other, beyond all reason.

    Args:
        text: Python code; what looks like a string or a comment is passed over.

    Returns:
        The row in ``text``, from 1, or None.
    """
    depth = chain = 0
    for match in _SKIP.finditer(text):
        kind = match.lastindex
        if kind == 1:
            depth += 1
            if depth > _MAX_NESTING:
                return text.count("\n", 0, match.start()) + 1
        elif kind == 2:
            depth = max(0, depth - 1)
        elif kind == 3:
            chain += 1
            if chain > _MAX_CHAIN:
                return text.count("\n", 0, match.start()) + 1
        elif kind == 4 and depth == 0:
            chain = 0
    return None
