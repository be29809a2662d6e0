"""What a cell shows when its Markdown or LaTeX is taken away."""

import re

MARKDOWN_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LATEX_NOISE = re.compile(r"\\(?:[,;:!]|quad\b|qquad\b|hline\b|phantom\{[^{}]*\})|[$~]")
_LATEX_COLOUR = re.compile(r"\\(?:textcolor|colorbox)\{[^{}]*\}|\\color\{[^{}]*\}")
_LATEX_WRAPPER = re.compile(
    r"(?:\\(?:mathbf|textbf|text|textit|mathit|mathrm|textrm|texttt|mathtt|mathsf|boldsymbol|underline|emph|boxed)\s*)?"
    r"(?<!\\)\{((?:[^{}\\]|\\.)*)\}"
)
_LATEX_DOTS = re.compile(r"\\(?:dots|ldots|cdots|vdots|ddots)(?![a-z])")
_LATEX_CHARACTERS = {r"\textbackslash": "\\\\", r"\char94": "^", r"\char126": "~"}
_LATEX_ESCAPE = re.compile(r"\\([\\{}$&#%_])")


def from_markdown(cell: str) -> str:
    """The words of a cell without bold and escapes."""
    if len(cell) > 4 and cell.startswith("**") and cell.endswith("**"):
        cell = cell[2:-2]
    return MARKDOWN_ESCAPE.sub(r"\1", cell).replace("\u2060", "").strip()


def from_latex(cell: str) -> str:
    r"""What a cell shows: without colours, weights, \text and spaces."""
    cell = _LATEX_NOISE.sub(" ", cell)
    if "\\" in cell or "{" in cell:
        cell = _LATEX_DOTS.sub("…", _LATEX_COLOUR.sub("", cell.replace("{,}", ",")))
        for _ in range(4):  # nested four deep at most
            cell = _LATEX_WRAPPER.sub(r"\1", cell)
        for escaped, character in _LATEX_CHARACTERS.items():
            cell = cell.replace(escaped, character)
        cell = _LATEX_ESCAPE.sub(r"\1", cell)
    return cell.strip()
