"""How each word came by its numbers."""

from dataclasses import replace

import pytest

from attention_core import EXAMPLES, OPENING, attend
from attention_core.lexicon import lexicon, made_up_row
from attention_core.origins import Origin, Source, origin_of, words_without_meaning
from sharing.document import from_document, to_document

CAT = lexicon()["cat"][:4]


def opening(sentence):
    return OPENING.build().with_sentence(sentence)


@pytest.mark.parametrize(
    ("word", "origin", "note"),
    [
        ("bank", Origin(Source.HAND_SET), "hand-set"),
        ("banks", Origin(Source.FORM, "bank"), "as bank"),
        ("Fluss", Origin(Source.TRANSLATION, "river", "German"), "as river (German)"),
        ("zorp", Origin(Source.UNKNOWN), "unknown"),
    ],
)
def test_an_untouched_word_says_where_its_numbers_come_from(word, origin, note):
    found = origin_of(opening(word), word.casefold())
    assert found == origin
    assert found.note == note


def test_an_unknown_word_is_looked_at_and_looks_as_evenly_as_the():
    weights = attend(opening("zorp river bank")).attention.weights
    assert weights[0].tolist() == attend(opening("the river bank")).attention.weights[0].tolist()
    assert weights[0].tolist() == pytest.approx([1 / 3] * 3)


def test_a_word_that_is_like_another_has_its_numbers_and_says_so():
    experiment = opening("zorp river").with_like("zorp", "Cat ")
    assert experiment.row("zorp") == CAT
    assert origin_of(experiment, "zorp") == Origin(Source.LIKE, "cat")
    assert origin_of(experiment, "zorp").note == "like cat"


def test_it_has_them_in_new_columns_as_well():
    experiment = opening("zorp cat").with_like("zorp", "cat").resized(d_model=7)
    assert experiment.row("zorp") == experiment.row("cat")


def test_it_has_the_numbers_that_the_other_word_has_now():
    experiment = opening("zorp cat").with_rows(("cat",), [[1, 2, 3, 4]]).with_like("zorp", "cat")
    assert experiment.row("zorp") == (1, 2, 3, 4)
    assert origin_of(experiment, "zorp") == Origin(Source.LIKE, "cat")


def test_a_word_may_be_like_a_form_or_a_translation():
    assert opening("zorp").with_like("zorp", "cats").row("zorp") == CAT
    river = lexicon()["river"][:4]
    assert opening("zorp").with_like("zorp", "Fluss").row("zorp") == river


def test_a_word_cannot_be_like_one_that_is_unknown_too():
    with pytest.raises(ValueError, match="“blip” is not a word that is known here either"):
        opening("zorp").with_like("zorp", "blip")


def test_numbers_of_its_own_are_seeded_by_the_word_and_say_that_they_are_made_up():
    experiment = opening("zorp river").with_like("zorp", "zorp")
    assert experiment.row("zorp") == made_up_row("zorp", 4)
    assert origin_of(experiment, "zorp") == Origin(Source.MADE_UP)
    assert experiment.resized(d_model=9).row("zorp") == made_up_row("zorp", 9)


def test_saying_what_a_word_is_like_puts_an_edit_of_it_aside():
    experiment = opening("zorp").with_embeddings([[9, 9, 9, 9]]).with_like("zorp", "cat")
    assert experiment.row("zorp") == CAT
    assert not experiment.rows


def test_an_edited_number_is_the_persons_own_also_of_a_word_that_is_like_another():
    for experiment in (opening("zorp"), opening("zorp").with_like("zorp", "cat")):
        assert origin_of(experiment.with_embeddings([[1, 2, 3, 4]]), "zorp") == Origin(Source.EDITED)


def test_numbers_of_an_example_are_the_examples_also_in_a_wider_table():
    experiment = EXAMPLES["cat-and-mouse"].build()
    assert {origin_of(experiment, word).source for word in experiment.vocabulary} == {Source.EXAMPLE}
    assert origin_of(experiment.resized(d_model=5), "cat").source is Source.EXAMPLE


def test_under_columns_without_a_meaning_a_new_word_has_made_up_numbers():
    experiment = EXAMPLES["cat-and-mouse"].build().with_sentence("The river")
    assert origin_of(experiment, "river") == Origin(Source.MADE_UP)
    assert origin_of(experiment.with_like("river", "cat"), "river") == Origin(Source.LIKE, "cat")
    assert experiment.with_like("river", "cat").row("river") == experiment.row("cat")


def test_an_older_document_keeps_the_made_up_numbers_of_a_word_and_says_so():
    older = replace(opening("zorp dog"), rows={"zorp": made_up_row("zorp", 4), "dog": (0.5, 0.5, 0.5, 0.5)})
    assert origin_of(older, "zorp") == Origin(Source.MADE_UP)
    assert older.row("zorp") == made_up_row("zorp", 4)
    assert origin_of(older, "dog") == Origin(Source.EDITED)


def test_what_a_word_is_like_travels_with_the_document():
    experiment = opening("zorp blip river").with_like("zorp", "cat").with_like("blip", "blip")
    back = from_document(to_document(experiment))
    assert back == experiment
    assert back != opening("zorp blip river")
    assert [origin_of(back, word).note for word in back.vocabulary] == ["like cat", "made up", "hand-set"]


def test_a_document_that_names_a_word_of_a_later_lexicon_keeps_its_numbers():
    document = to_document(opening("zorp").with_like("zorp", "cat")) | {"likes": {"zorp": "blip"}}
    assert from_document(document).row("zorp") == CAT


def test_the_words_of_whose_numbers_nobody_said_anything_are_named():
    experiment = opening("zorp saw the blip and rivers").with_like("blip", "blip")
    assert words_without_meaning(experiment) == ("zorp", "blip")
    assert words_without_meaning(opening("We walked to the river bank")) == ()
