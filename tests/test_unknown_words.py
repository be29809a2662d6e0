"""The question below the embeddings: what an unknown word is like."""

import pytest
from support.screen import code_of, opened, press, shown_table, widget

from attention_core.lexicon import LEXICON_DIMENSIONS, lexicon, made_up_row
from presentation.text import plain
from ui.unknown_words import TO_CHOOSE_FROM


def typed(sentence, page=None):
    page = page or opened()
    widget(page, "sentence").set_value(sentence).run()
    return page


def question(page, word):
    """The field that asks what a word is like."""
    (found,) = (each for each in page.selectbox if str(each.key).startswith(f"like:{word}:"))
    return found


def questions(page):
    return [each.label for each in page.selectbox if str(each.key).startswith("like:")]


def headline(page):
    (found,) = (each.proto.popover.label for each in page.get("popover") if "like" in each.proto.popover.label)
    return found


def note(page, word):
    return widget(page, "embeddings").value.loc[word, "✎"]


def test_every_word_that_is_offered_is_known():
    assert [word for word in TO_CHOOSE_FROM if word not in lexicon()] == []
    assert len(set(TO_CHOOSE_FROM)) == len(TO_CHOOSE_FROM)


def test_the_opening_picture_asks_nothing():
    assert questions(opened()) == []


def test_an_unknown_word_has_zeros_a_note_and_a_question():
    page = typed("the zorp swam in the river")
    assert not shown_table(page, "embeddings").loc["zorp"].any()
    assert note(page, "zorp") == "unknown"
    assert questions(page) == ["“zorp” is like"]
    assert headline(page) == "“zorp” is unknown: what is it like?"


def test_several_unknown_words_are_asked_about_in_one_place():
    page = typed("the zorp and the blip swam")
    assert questions(page) == ["“zorp” is like", "“blip” is like"]
    assert headline(page) == "2 unknown words: what are they like?"


def test_of_many_unknown_words_the_first_few_are_asked_about_and_answered_ones_make_room():
    page = typed(" ".join(f"zorp{letter}" for letter in "abcdefgh"))
    assert questions(page) == [f"“zorp{letter}” is like" for letter in "abcdef"]
    question(page, "zorpa").set_value("cat").run()
    assert questions(page) == [f"“zorp{letter}” is like" for letter in "bcdefg"]


def test_a_word_gets_the_numbers_of_the_word_that_it_is_like_and_undo_takes_them_back():
    page = typed("the zorp swam in the river")
    question(page, "zorp").set_value("cat").run()
    assert tuple(shown_table(page, "embeddings").loc["zorp"]) == lexicon()["cat"][:4]
    assert note(page, "zorp") == "like cat"
    assert question(page, "zorp").value == "cat"
    assert headline(page) == "What “zorp” is like"
    press(page, "undo")
    assert note(page, "zorp") == "unknown"
    assert question(page, "zorp").value is None


def test_a_link_holds_what_a_word_is_like():
    page = typed("the zorp swam in the river")
    question(page, "zorp").set_value("cat").run()
    again = opened(code_of(page))
    assert note(again, "zorp") == "like cat"
    assert shown_table(again, "embeddings").equals(shown_table(page, "embeddings"))


def test_numbers_of_its_own_are_made_up_and_say_so():
    page = typed("the zorp swam")
    press(page, "like_own")
    assert tuple(shown_table(page, "embeddings").loc["zorp"]) == made_up_row("zorp", 4)
    assert note(page, "zorp") == "made up"
    assert widget(page, "like_own").disabled
    question(page, "zorp").set_value("river").run()
    assert note(page, "zorp") == "like river"


def test_in_a_table_without_meaning_the_words_of_the_table_are_offered():
    page = opened()
    widget(page, "example").set_value("cat-and-mouse").run()
    typed("The cat saw the river", page)
    assert note(page, "saw") == "made up"
    assert question(page, "river").options == ["the", "cat"]
    question(page, "river").set_value("cat").run()
    table = shown_table(page, "embeddings")
    assert list(table.loc["river"]) == list(table.loc["cat"])


@pytest.mark.parametrize("word", ["a_b_c", "x.y", "a**b", "1e5", "http", "👩‍👩‍👧"])
def test_peoples_words_are_shown_and_never_interpreted(word):
    page = typed(f"river {word}")
    unknown = [name for name in widget(page, "embeddings").value.index if note(page, name) == "unknown"]
    assert unknown
    assert questions(page) == [f"“{plain(name)}” is like" for name in unknown]


def test_a_wider_table_says_what_it_will_show_and_shows_it():
    page = opened()
    captions = [each.value for each in page.caption]
    assert any(told.endswith("next: person, food, place.") for told in captions)
    widget(page, "d_model").set_value(16).run()
    table = shown_table(page, "embeddings")
    assert tuple(table.columns) == LEXICON_DIMENSIONS
    assert tuple(table.loc["river"]) == lexicon()["river"]
    assert not any("next:" in each.value for each in page.caption)
