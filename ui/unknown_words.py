"""What an unknown word is like: one question for each, in one place below the embeddings."""

from collections.abc import Sequence

import streamlit as st

from attention_core.lexicon import has_meaning
from attention_core.origins import Source, origin_of
from presentation import tables
from presentation.text import plain
from ui.state import current, edits, keys, widgets

_ASKED = (Source.UNKNOWN, Source.MADE_UP, Source.LIKE)
_MOST = 6  # questions at a time; an answered one makes room for the next
TO_CHOOSE_FROM = (  # a word for each kind of thing, to begin with; any known word can be typed
    *("man", "woman", "child", "doctor", "animal", "cat", "bird", "fish", "tree", "flower", "hand", "food", "fruit"),
    *("tea", "shirt", "chair", "tool", "computer", "car", "boat", "house", "room", "city", "country", "mountain"),
    *("river", "rain", "sun", "day", "money", "book", "music", "idea", "happy", "sad", "good", "bad", "big", "small"),
    *("red", "walk", "say", "think", "make", "give", "buy", "eat", "play", "fight", "the"),
)

_WITH_MEANING = (
    "Nothing is known of an unknown word, so its numbers are 0 and say nothing. Say what it is like, and it gets that "
    "word's numbers; or give it numbers of its own, made up from its spelling."
)
_WITHOUT_MEANING = (
    "The columns of this table have no meaning by which a new word could be known, so its numbers are made up from its "
    "spelling. Say which word of the table it is like, and it gets that word's numbers."
)


def questions(table: str) -> None:
    """Below a table of embeddings: what the words are like of which the lexicon knows nothing."""
    words_of = tables.TABLES[table].words
    if words_of is None:
        return
    experiment = current.experiment()
    labels = dict(zip(words_of(experiment), tables.row_labels(experiment, table), strict=True))
    sources = {word: origin_of(experiment, word).source for word in labels}
    unknown = [word for word, source in sources.items() if source is Source.UNKNOWN]
    asked = [word for word, source in sources.items() if source in _ASKED]
    if len(asked) > _MOST:
        asked.sort(key=lambda word: word not in unknown)
    if not asked:
        return
    opened = st.popover(
        _headline([labels[word] for word in unknown], [labels[word] for word in asked]),
        icon=":material/help:" if unknown else ":material/edit_note:",
        key=f"{keys.LIKE}_{table}",
        wrap=False,
    )
    with opened:
        _asked(asked, labels)


def _headline(unknown: Sequence[str], asked: Sequence[str]) -> str:
    words = unknown or asked
    if len(words) > 1:
        return f"{len(words)} unknown words: what are they like?" if unknown else f"What {len(words)} words are like"
    return f"“{plain(words[0])}” is unknown: what is it like?" if unknown else f"What “{plain(words[0])}” is like"


def _asked(words: Sequence[str], labels: dict[str, str]) -> None:
    st.caption(_WITH_MEANING if has_meaning(current.experiment().dimensions) else _WITHOUT_MEANING)
    for word in words[:_MOST]:
        _question(word, labels[word])
    if len(words) > _MOST:
        st.caption(f"And {len(words) - _MOST} more: answered ones move to the end.")


def _question(word: str, label: str) -> None:
    like = current.experiment().likes.get(word)
    answer = like if like != word else None
    key = widgets.versioned(f"{keys.LIKE}:{word}", answer)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        options = _options(word)
        st.selectbox(
            f"“{plain(label)}” is like",
            [*options, *([answer] if answer and answer not in options else [])],
            index=options.index(answer) if answer in options else len(options) if answer else None,
            key=key,
            placeholder="a known word",
            accept_new_options=True,
            on_change=widgets.callback(edits.say_like),
            args=(word, key),
        )
        st.button(
            "Numbers of its own",
            key=f"{keys.LIKE}_own:{word}",
            icon=":material/casino:",
            disabled=like == word,
            help="Made up from the spelling of the word: always the same, and without a meaning.",
            on_click=widgets.callback(edits.give_own_numbers),
            args=(word,),
        )


def _options(word: str) -> list[str]:
    """Known words of the sentence first, then one of each kind."""
    experiment = current.experiment()
    here = [other for other in experiment.vocabulary if other != word and experiment.has_numbers(other)]
    return list(dict.fromkeys((*here, *(TO_CHOOSE_FROM if has_meaning(experiment.dimensions) else ()))))
