"""Every term in one sentence: its numbers are those of the calculation, and what it claims is true."""

import re
from dataclasses import replace

import numpy as np
import pytest

from attention_core import EXAMPLES, OPENING, STAGES, VARIANTS, Stage, attend
from attention_core.masks import MASKS
from attention_core.stages import EDITED
from presentation import terms

RIVER = OPENING.build()
NUMBER = re.compile(r"[−-]?\d+\.\d+")


def numbers(text):
    return [float(found.replace("−", "-")) for found in NUMBER.findall(text)]


def told(experiment, word, looked_at):
    return terms.terms(attend(experiment), word, looked_at)


def starting(sentences, with_):
    (found,) = (each for each in sentences if each.startswith(f"**{with_}"))
    return found


def test_the_opening_words_terms_by_hand():
    sentences = told(RIVER, 5, 4)
    assert [each.split("**")[1].rstrip(":") for each in sentences] == [
        *("Embedding", "Query", "Key", "Value", "Score", "Scaling", "Weight", "Context vector"),
    ]
    assert numbers(starting(sentences, "Embedding")) == [0, 0, 0.3, 0.3]
    assert numbers(starting(sentences, "Query")) == [0, 0, 1.2, 1.2]
    assert numbers(starting(sentences, "Key")) == [0, 0, 4, 0]
    assert numbers(starting(sentences, "Score")) == [4.8]
    assert "4.80 ÷ √4 = 2.40" in starting(sentences, "Scaling")
    assert "gives **river** 0.57 of its attention" in starting(sentences, "Weight")


@pytest.mark.parametrize("way", VARIANTS)
@pytest.mark.parametrize("masks", [(), tuple(MASKS)], ids=str)
@pytest.mark.parametrize("scaled", [True, False])
def test_in_every_way_to_attend_the_numbers_are_those_of_the_calculation(way, masks, scaled):
    experiment = replace(RIVER, variant=way, masks=masks, scaled=scaled)
    calculation = attend(experiment)
    for word, looked_at in np.ndindex(6, 6):
        sentences = terms.terms(calculation, word, looked_at)
        raw = calculation.attention.scores[word, looked_at]
        assert numbers(starting(sentences, "Score")) == [pytest.approx(raw, abs=0.005)]
        assert numbers(starting(sentences, "Context")) == pytest.approx(calculation.context[word].tolist(), abs=0.005)
        assert numbers(starting(sentences, "Embedding")) == pytest.approx(calculation.x[word].tolist(), abs=0.005)
        if calculation.allowed[word].any():
            weight = calculation.attention.weights[word, looked_at]
            assert numbers(starting(sentences, "Weight")) == [pytest.approx(weight, abs=0.005)]
        else:
            assert "all of its weights are 0" in starting(sentences, "Weight")
        if not calculation.allowed[word, looked_at]:
            assert "−∞" in starting(sentences, "Mask")
        elif scaled:
            parts = numbers(starting(sentences, "Scaling"))
            divisor = np.sqrt(calculation.table(calculation.variant.key).shape[1])
            assert parts == [pytest.approx(raw, abs=0.005), pytest.approx(raw / divisor, abs=0.005)]
        else:
            assert "off" in starting(sentences, "Scaling")


def test_what_a_way_does_not_use_is_not_told_to_be_used():
    assert "compares the embeddings themselves" in " ".join(told(replace(RIVER, variant="similarity"), 5, 4))
    assert "pass on their keys" in " ".join(told(replace(RIVER, variant="queries_and_keys"), 5, 4))
    unused = terms.of_table(attend(replace(RIVER, variant="similarity")), Stage.W_Q, 5, 4)
    assert not numbers(unused)


def test_every_edited_table_is_explained_with_its_part_for_the_word_that_plays_it():
    calculation = attend(RIVER)
    for table, part, at in zip(EDITED, (Stage.X, Stage.Q, Stage.K, Stage.V), (5, 5, 4, 4), strict=True):
        text = terms.of_table(calculation, table, 5, 4)
        assert numbers(text) == pytest.approx(calculation.table(part)[at].tolist(), abs=0.005), STAGES[part].plural


@pytest.mark.parametrize(
    ("experiment", "claim"),
    [
        (RIVER.with_sentence("river"), "Hand-set: chosen"),
        (RIVER.with_sentence("dollars"), "it is a form of *dollar*"),
        (RIVER.with_sentence("zorp"), "Nothing is known of it"),
        (RIVER.with_sentence("zorp").with_like("zorp", "river"), "the numbers of *river*"),
        (RIVER.with_sentence("zorp").with_like("zorp", "zorp"), "Made up from its spelling"),
        (RIVER.with_sentence("river").with_embeddings([[1.0, 2.0, 3.0, 4.0]]), "Somebody changed"),
        (EXAMPLES["cat-and-mouse"].build(), "came with the example"),
    ],
)
def test_where_a_words_numbers_come_from_is_said(experiment, claim):
    assert claim in terms.embedding(attend(experiment), 0)


def test_words_are_shown_and_never_interpreted():
    sentences = terms.terms(attend(RIVER.with_sentence("_a_b_ c_d")), 0, 1)
    together = " ".join(sentences)
    assert r"\_a\_b\_" in together and r"c\_d" in together
    assert not re.search(r"(?<!\\)_", together), "an underscore that is not escaped"


def test_long_vectors_are_cut_and_say_how_long_they_are():
    text = terms.embedding(attend(RIVER.resized(d_model=16)), 0)
    assert text.count(",") <= 8 and "… 16 numbers)" in text


def test_columns_say_what_stands_in_them():
    assert "“water”" in terms.column_help("embeddings", "water", 2, of_words=True)
    assert "no meaning" in terms.column_help("embeddings", "d1", 0, of_words=True)
    assert "number 2 of its key" in terms.column_help("w_k", "k2", 1, of_words=False)
    assert "no meaning" in terms.column_help("vectors", "water", 0, of_words=False)


def test_the_chosen_way_is_marked_among_all():
    told = terms.ways(attend(RIVER))
    assert len(told) == len(VARIANTS)
    assert [each for each in told if "(chosen)" in each] == [
        each for each in told if each.startswith("**Full Q, K, V**")
    ]


def test_each_column_of_the_embeddings_is_explained_where_nobody_can_point_at_its_heading():
    told = terms.columns(attend(OPENING.build()))
    assert [text.partition("**: ")[0] for text in told] == ["**living", "**action", "**water", "**money"]
    assert "How much a word has to do with “water”" in told[2]
    wider = terms.columns(attend(OPENING.build().resized(d_model=5)))
    assert len(wider) == 5
