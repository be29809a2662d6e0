"""What people call the stages of the calculation, and the one stage that a few words name."""

import re
from collections.abc import Iterator, Sequence

from attention_core.stages import STAGES as ABOUT
from attention_core.stages import Stage

FAR = 400  # characters of prose that are searched for the name of a stage
QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]|(?<!\w)['‘’]([^'‘’]+)['‘’](?!\w)|(?<!\w)`([^`]+)`")
_ITALIC = re.compile(r"(?<![*\\])\*(?![*\s])[^*]+(?<!\\)\*(?!\*)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FRACTION = re.compile(r"\\d?frac\{((?:[^{}]|\{[^{}]*\})*)\}")
_LATEX_COMMAND = re.compile(r"\\([A-Za-z]+)")
_COMMANDS = {"top": "t", "sqrt": " sqrt ", "softmax": " softmax ", "exp": " exp ", "intercal": "t"}
_TOKEN = re.compile(r"[^\W\d_]+|/|,")


def stage_in(text: str) -> str | None:
    """The one stage that a text names, _OTHER for something else that is no stage, None for none or several.

    Of names that overlap the longer counts. What is computed from another stage is named before it, as in
    "softmax of the scores".
    """
    words = _tokens(QUOTED.sub(" ", _ITALIC.sub(" ", text[-FAR:])))
    named = set(_named(words))
    if _OTHER in named:
        return _OTHER
    for later in _BEFORE:
        if later in named and named <= _BEFORE[later] and not {"and", ","} & set(words):
            return later
    if len(named) > 1:
        named.discard("positions")  # "the scores of all positions"
    return named.pop() if len(named) == 1 else None


def is_only_a_name(text: str) -> bool:
    """Whether a line says what a table is and nothing else, as a title does."""
    words = _tokens(text)
    position = named = 0
    while position < len(words):
        length = next(
            (len(phrase) for phrase, _ in _PHRASES.get(words[position], ()) if _is_at(words, position, phrase)), 0
        )
        if not length and words[position] not in _FILLERS:
            return False
        named += bool(length)
        position += length or 1
    return named > 0


def _is_at(words: Sequence[str], position: int, phrase: tuple[str, ...]) -> bool:
    return tuple(words[position : position + len(phrase)]) == phrase


def _tokens(text: str) -> list[str]:
    text = _FRACTION.sub(r"\1 / ", text)
    text = _CAMEL.sub(" ", _LATEX_COMMAND.sub(lambda match: _COMMANDS.get(match[1], " "), text))
    return _TOKEN.findall(
        text.replace("ᵀ", " t").replace("⊤", "t").replace("√", " sqrt ").replace("&", " and ").lower()
    )


def _named(words: Sequence[str]) -> Iterator[str]:
    """The stages of the names in a text, from left to right; names that say nothing are passed over."""
    position = 0
    while position < len(words):
        for phrase, stage in _PHRASES.get(words[position], ()):
            if _is_at(words, position, phrase):
                if stage:
                    yield stage
                position += len(phrase)
                break
        else:
            position += 1


_FILLERS = frozenset(
    ("attention", "matrix", "vector", "vectors", "table", "the", "our", "final", "raw", "step", "part", "/")
)
_OTHER = "other"


_NAMES_OF: dict[str, str] = {  # names in lower case, with spaces for underscores, carets and dots; | parts them
    "embeddings": "embedding|embeddings|embedded|input|inputs|x|input embeddings|word vectors",
    "positions": "positions|position table|positional encoding|positional encodings|"
    "position encoding|position encodings|positional embedding|positional embeddings|position embedding|"
    "position embeddings|position vectors|pe|table of positions",
    "x": "embeddings with positions|embeddings with position|embeddings and positions|embeddings plus positions|"
    "embedding with position|embeddings with positional encoding|embeddings with positional encodings|"
    "embeddings with positional embeddings|embeddings and positional encodings|embeddings plus positional encoding|"
    "embeddings plus positional encodings|embedding plus positional encoding|embedding positional encoding|"
    "embedding position|embeddings positions|embeddings positional encoding|embeddings positional encodings|"
    "x pe|e pe|x plus pe|input with positional encoding|inputs with positional encoding|position aware embeddings|"
    "positioned embeddings|embeddings after positional encoding|input plus position|position encoded embeddings",
    "scores": "score|scores|attention score|raw scores|qk t|q k t|qkt|q kt|q k transpose|dot product|dot products|"
    "query key|logits|unscaled scores|unnormalized scores|scores before softmax|scores before scaling",
    "scaled_scores": "scaled score|scaled scores|scaled attention score|scaled attention scores|scaling|"
    "scaled dot product|scaled dot products|scaled logits|scaled qk t|scaled q k t|scores scaled|scaled raw scores|"
    "scaled scores before softmax|scaling and mask",
    "exponentials": "exponential|exponentials|exponentiated|exponentiated scores|exponentiation|exponentiate|exp|"
    "exp score|exp scores|e score|e scores|e x|exp x|e s|e z",
    "weights": "weight|weights|attention weight|attention weights|attn weights|softmax|softmaxed|softmax output|"
    "softmax outputs|softmax values|probability|probabilities|attention probabilities|normalized probabilities|"
    "normalized scores|normalized attention scores|normalised scores|normalised attention scores|attention matrix|"
    "attention distribution|softmax normalized score|softmax normalized scores",
    "context": "context|contexts|contextualized|contextual|context vectors|context embeddings|contextual embeddings|"
    "contextualized embeddings|context aware embeddings|context aware|output|outputs|output embeddings|"
    "output embedding|z|weighted sum|weighted sums|weighted value|weighted values|weighted value vectors|"
    "attention output|attention q k v|attention q , k , v|"
    "what this head makes|multi head output|multi head attention output|"
    "new embeddings|final embeddings|weights v|attention weights v|weights values|av",
    "joined": "concatenation|concatenated|concat|concatenate|concatenated heads|concatenated output|"
    "concatenated outputs|joined|joined vectors|joined heads|heads joined|heads side by side|heads concatenated|"
    "concat heads|concat head , head|concatenated context vectors|concatenated context|concatenation of the heads|"
    "concatenation of heads|concatenation of all heads|stands side by side",
    "w_o": "w o|wo|w out|w output|w 0|output weight matrix|output weights|output matrix|output projection matrix|"
    "output projection weights|output projection w o|projection matrix w o|output weight matrix w o|"
    "w o mixes it into the context vector|w o mixes it into the context vectors",
    "q": "q|query|queries",
    "k": "k|key|keys",
    "v": "v|value|values",
    "": "weight matrix|weight matrices|projection matrices|d k|dk|d v|dv|d q|d model|each value|each score|each word|"
    "self attention|q t|input sentence|input words|input sequence|values of|before softmax|attention mechanism",
    _OTHER: "k t|kt|k transpose|mask|causal mask|masked scores|scaled dot product attention",
}


def _all_phrases() -> Iterator[tuple[str, str]]:
    for stage, names in _NAMES_OF.items():
        for name in names.split("|"):
            yield name, stage
    for letter, called in (("q", ("query", "queries")), ("k", ("key", "keys")), ("v", ("value", "values"))):
        for name in (f"w {letter}", f"w{letter}", f"w of {letter}", f"wei {letter}"):
            yield name, f"w_{letter}"
        for name in ("x", "input", "embeddings", "embedding"):
            yield from ((f"{name} w {letter}", letter), (f"{name} w{letter}", letter))
        yield f"xw {letter}", letter
        for name in (*called, letter):
            for noun in ("weight", "weights", "weight matrix", "projection", "projection matrix"):
                yield f"{name} {noun}", f"w_{letter}"
                yield from ((f"{noun} {link} {name}", f"w_{letter}") for link in ("for", "for the", "of the", "of"))
    for score in ("score", "scores", "attention scores", "qk t", "q k t", "qkt"):
        yield from ((f"{score} {divided}", "scaled_scores") for divided in ("/", "/ sqrt", "divided by", "over sqrt"))
    for linked in ("of values", "of the values", "of value vectors", "of the value vectors", "of v"):
        yield f"weighted sum {linked}", "context"
    for score in (
        "qk t / sqrt d k",
        "q k t / sqrt d k",
        "qk t",
        "q k t",
        "scores",
        "scaled scores",
        "scores / sqrt d k",
    ):
        yield from ((f"softmax {score} v", "context"), (f"softmax {score} values", "context"))


def _indexed_phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The names by their first word, the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, stage in sorted(_all_phrases(), key=lambda phrase: -len(phrase[0].split())):
        phrase = tuple(name.split())
        index.setdefault(phrase[0], []).append((phrase, stage))
    return index


_PHRASES = _indexed_phrases()
_NAMED = {stage for phrases in _PHRASES.values() for _, stage in phrases}

# What stands over a table of each stage that people name. Attention weights are told from those that make the queries,
# and embeddings from those that have the positions added.
_HEADINGS = {Stage.WEIGHTS: "Attention weights", Stage.X: "Embeddings with positions"}
STAGES: dict[str, str] = {
    stage.value: _HEADINGS.get(stage, about.heading) for stage, about in ABOUT.items() if stage in _NAMED
}


_BEFORE = {
    "x": {"x", "embeddings", "positions"},
    "weights": {"weights", "exponentials", "scaled_scores", "scores"},
    "exponentials": {"exponentials", "scaled_scores", "scores"},
    "scaled_scores": {"scaled_scores", "scores"},
}
