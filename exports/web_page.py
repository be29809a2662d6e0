"""An article as one page of HTML that needs nothing else: pictures and formulas are inside, and nothing is loaded.

Formulas become MathML, which every current browser draws by itself, in light and dark. What is written in the article
is text: markup in it is never let through.
"""

import html
import re
from collections.abc import Callable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from math_core import LatexToMathML
from mdit_py_plugins.dollarmath import dollarmath_plugin

from exports.article import Article
from exports.pictures import Picture, svg_in_text
from presentation.palette import EMBEDDING, KEY, QUERY, VALUE
from presentation.text import from_latex_text

# Colours that math-core knows by name stand for classes of ours until it is done: it knows no #2f81c5 and no \mathbf of
# digits that could still be copied as digits.
_STAND_INS = {"red": "result", "blue": "query", "orange": "key", "green": "value", "violet": "embedding"}
_STAND_IN_OF = {QUERY: "blue", KEY: "orange", VALUE: "green", EMBEDDING: "violet"}

_TEXT = re.compile(r"\\text\{((?:\\textbackslash\{\}|\\char\d+\{\}|\\[{}$&#%_]|[^{}\\])*)\}")
_PRIVATE = 0xF0000  # a plane of Unicode without characters, in which people's punctuation passes math-core untouched

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --ground: #ffffff; --line: #d5d9de; --soft: #f5f3f9;
  --query: #0068a5; --key: #b04e00; --value: #00785a; --embedding: #6a3d9a; --link: #6a3d9a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --ground: #14161a; --line: #3a3f47; --soft: #1f2229;
  --query: #6ec1f0; --key: #f3b27a; --value: #57d3ae; --embedding: #c9b3f0; --link: #c4a7f7; } }
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 1.05rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; } a { color: var(--link); }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .7rem; white-space: nowrap; }
td:first-child { text-align: left; } thead th { background: var(--soft); }
math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "Noto Sans Math", math; }
math[display=block] { display: block math; width: max-content; margin: 0; }
mtd { padding-top: .25em; padding-bottom: .25em; }
.result { font-weight: bold; } .query { color: var(--query); } .key { color: var(--key); }
.value { color: var(--value); } .embedding { color: var(--embedding); }
figure { margin: 1.5rem 0 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; min-width: 22rem; }
@media print { body { max-width: none; } h2, figure { break-inside: avoid; break-after: avoid; } }
"""


def web_page(article: Article) -> str:
    """The article as a complete HTML document."""
    body = _markdown(article.pictures).render(article.markdown)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{html.escape(article.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _markdown(pictures: dict[str, Picture]) -> MarkdownIt:
    """CommonMark with tables and formulas, without HTML."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.use(dollarmath_plugin, renderer=_drawn, allow_labels=False)
    rules: dict[str, Callable[..., str]] = {
        "table_open": lambda *_: '<div class="wide"><table>\n',
        "table_close": lambda *_: "</table></div>\n",
        "image": _picture_rule(pictures),
    }
    for name, rule in rules.items():
        markdown.add_render_rule(name, lambda _, *given, rule=rule: rule(*given))
    return markdown


def _picture_rule(pictures: dict[str, Picture]) -> Callable[[Sequence[Token], int, OptionsDict, EnvType], str]:
    def drawn(tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[place]
        name = str(token.attrs["src"]).removeprefix("pictures/").removesuffix(".svg")
        told = html.escape(RendererHTML().renderInlineAsText(token.children, options, env))
        return f'<figure role="img" aria-label="{told}">{svg_in_text(pictures[name])}</figure>'

    return drawn


def _mathml(latex: str, *, block: bool) -> str:
    return _converter().convert_with_local_state(latex, displaystyle=block)


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


def _drawn(latex: str, options: dict[str, bool]) -> str:
    """LaTeX as MathML. Longer formulas can be scrolled sideways."""
    block = options["display_mode"]
    drawn = _mathml(_for_math_core(latex), block=block)
    for style, role in _classes().items():
        drawn = drawn.replace(style, f'class="{role}"')
    drawn = drawn.translate(_given_back())
    return f'<div class="wide">{drawn}</div>' if block else drawn


def _for_math_core(latex: str) -> str:
    """The same formula in the words that math-core knows."""
    latex = _TEXT.sub(lambda match: f"\\text{{{_hidden(from_latex_text(match[1]))}}}", latex)
    for colour, name in _STAND_IN_OF.items():
        latex = latex.replace(f"\\textcolor{{{colour}}}", f"\\textcolor{{{name}}}")
    return latex.replace(r"\small", "").replace(r"\\[3pt]", r"\\").replace(r"\mathbf{", r"\textcolor{red}{")


@cache
def _classes() -> dict[str, str]:
    """How math-core writes each colour that stands for a class of ours, and that class."""
    drawn = {role: _mathml(f"\\textcolor{{{name}}}{{x}}", block=False) for name, role in _STAND_INS.items()}
    return {style: role for role, mathml in drawn.items() for style in re.findall(r'style="color:#\w+;"', mathml)}


def _hidden(text: str) -> str:
    return "".join(
        chr(_PRIVATE + ord(each)) if each.isascii() and not each.isalnum() and each != " " else each for each in text
    )


@cache
def _given_back() -> dict[int, str]:
    """What was hidden, as text of a page."""
    return {_PRIVATE + place: html.escape(chr(place)) for place in range(128)}
