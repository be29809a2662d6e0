"""Text that people might type and no renderer may interpret, and readers that tell whether one would."""

import re

NASTY = [
    "**bold** _it_ ~~no~~",
    "# heading",
    "1. item",
    "- item",
    "> quote",
    "[a](https://b.c)",
    "![a](b)",
    "`code`",
    "$x^2$",
    ":red[text] :material/delete: :smile:",
    "<script>alert(1)</script>",
    "&lt; &#42;",
    "a|b",
    "\\",
    "\\end{aligned}",
    "}{",
    "}}\\frac{1}{0}",
    "100% ~ ^_^ #1 & co",
    "me@home.org www.home.org",
]


def unescaped(markdown):
    """What a reader of Markdown sees of backslash escapes.  Source: CommonMark 0.31, section 2.4."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def braces_left_open(latex):
    """How many braces are open at the end; never fewer than none on the way."""
    depth = 0
    for brace in re.findall(r"[{}]", re.sub(r"\\[{}\\]", "", latex)):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    return depth
