"""What an article tells: what happened is true of its numbers, and words stay words."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.article_oracle import assert_sums, assert_tables
from support.articles import LINK, each_article, opening, parser, read, read_article, seen
from support.documents import experiments as experiments_of_any_words
from support.experiments import experiments, two_columns
from support.latex_reader import assert_rounded, lines_of

from attention_core import EXAMPLES
from attention_core.experiment import MAX_DECIMALS
from exports.article import PLAYGROUND
from presentation.tables import row_labels

SETTINGS = settings(derandomize=True, deadline=None, max_examples=30)


# --- what happened ---------------------------------------------------------------------------------------------------


def vector(text):
    return [part.strip() for part in text.split(",")]


@each_article
def test_the_story_of_the_chosen_word_is_right(story):
    it, word, decimals = story.it, story.word, story.experiment.decimals
    at = next(at for at, block in enumerate(story.blocks) if block.text == "What happened")
    (ending, _) = (seen(block.text) for block in story.blocks[at + 1 :])
    most = re.match(
        r"(?:In (?:the head “.*?”|head \d), )?"
        r"(.*?) looks (?:only|most|equally) at (.*): (\S+) of its attention( at each)?\.",
        ending,
        re.DOTALL,
    )
    assert bool(most) == bool(it.allowed[word].any())
    if most:
        told = max(decimals, 2)  # equal is what looks equal, and fewer decimals than two are never told
        looks = [f"{weight:.{told}f}" for weight in it.weights[word]]
        largest = [at for at in range(len(looks)) if it.allowed[word, at] and looks[at] == max(looks)]
        assert most[1] == story.label and bool(most[4]) == (len(largest) > 1)
        if most[2] != f"all {len(it.labels)} words":
            assert all(it.labels[at] in most[2] for at in largest[:2]) and it.allowed[word, largest[0]]
        assert_rounded(most[3], it.weights[word].max(), told)
    moved = re.search(
        r"(?:Its|its) vector (?:was|started as) \[(.*?)\].* it is \[(.*?)\], a distance of (\S+) away", ending
    )
    assert bool(moved) == (it.made.shape == it.x.shape)
    if moved:
        for texts, numbers in ((moved[1], it.x[word]), (moved[2], it.made[word])):
            for text, value in zip(vector(texts), numbers, strict=True):
                assert_rounded(text, value, decimals)
        assert_rounded(moved[3], math.dist(it.x[word], it.made[word]), decimals)
    assert bool(most or moved) != (ending == f"{story.label} keeps to itself.")


def test_the_story_of_the_bank_at_the_river():
    text = read_article(opening(), 5).text
    assert "bank looks most at river: 0.57 of its attention." in text
    assert (
        "Its vector was [0.00, 0.00, 0.30, 0.30] in every sentence. In this one it is [0.05, 0.05, 0.64, 0.07]" in text
    )


def test_a_word_that_may_look_nowhere_gets_no_weight_and_keeps_its_embedding():
    story = read("the first may look nowhere", 0)
    assert "We may look at no word, so all its weights are 0." in story.text
    assert "looks most at" not in story.text
    assert ", a distance of 0.00 away" in story.text
    assert not [line for block in story.formulas() for line in lines_of(block) if line[0].startswith("e^")]
    assert "may look at no word" not in read("the first may look nowhere", 5).text


@each_article
def test_the_embedding_of_the_chosen_word_is_told_where_it_is_multiplied(story):
    told = re.search(r"whose embedding is \[(.*?)\]:", story.text)
    assert bool(told) == bool(set(story.it.letters.values()) & set("qkv"))
    if told:
        for text, value in zip(vector(told[1]), story.it.x[story.word], strict=True):
            assert_rounded(text, value, story.experiment.decimals)


# --- what is told ----------------------------------------------------------------------------------------------------


@each_article
def test_steps_are_numbered_without_a_gap(story):
    assert [block.kind for block in story.blocks].count("h1") == 1
    headings = [block.text for block in story.blocks if block.kind == "h2"]
    steps = [re.fullmatch(r"Step (\d+): .+", heading) for heading in headings[:-1]]
    assert [int(step[1]) for step in steps] == list(range(1, len(headings)))
    uses_tables = bool(set(story.it.letters.values()) & set("qkv"))
    adds_places = story.experiment.positions != "none"
    of_heads = 2 * (len(story.it.heads) > 1)  # the other heads, and all together
    assert len(steps) == 5 + uses_tables + adds_places + of_heads and headings[-1] == "What happened"


IN_ONE_LINE = {
    ("similarity", True): r"\left(\frac{XX^\top}{\sqrt{d}}\right)X",
    ("similarity", False): r"\left(XX^\top\right)X",
    ("embeddings_only", True): r"\left(\frac{XX^\top}{\sqrt{d}}\right)X + X",
    ("embeddings_only", False): r"\left(XX^\top\right)X + X",
    ("queries_and_keys", True): r"\left(\frac{QK^\top}{\sqrt{d_k}}\right)K",
    ("queries_and_keys", False): r"\left(QK^\top\right)K",
    ("qkv", True): r"\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
    ("qkv", False): r"\left(QK^\top\right)V",
}


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(("variant", "scaled"), IN_ONE_LINE)
def test_each_way_to_attend_tells_what_it_does(variant, scaled, causal):
    story = read(f"{variant}, {'scaled' if scaled else 'not scaled'}, {'causal' if causal else 'all'}", 2)
    text, masked = story.text, causal or variant == "embeddings_only"
    whole = next(block.text for block in story.blocks if block.kind == "formulas").strip()
    assert whole == r"\text{context} = \operatorname{softmax}" + IN_ONE_LINE[variant, scaled]
    headings = [block.text.partition(": ")[2] for block in story.blocks if block.kind == "h2"]
    assert headings[-4] == ("Scaling" if scaled else "No scaling") + (" and mask" if masked else "")
    projected = {"queries_and_keys": ["Queries and keys"], "qkv": ["Queries, keys and values"]}.get(variant, [])
    assert headings[1:-5] == projected
    assert ("they are not divided by the root of the size" in text) == (not scaled)
    assert (r"so every score is divided by \sqrt{4} = 2.0000" in text) == scaled
    assert ("A causal mask lets a word see only itself and the words before it." in text) == causal
    assert ("A word is not scored against itself." in text) == (variant == "embeddings_only")
    assert (r"What is forbidden counts as -\infty" in text) == masked
    assert ("the word's own embedding is added just as it is" in text) == (variant == "embeddings_only")
    assert ("The embeddings are compared as they are" in text) == (variant in ("similarity", "embeddings_only"))
    assert ("The query of the word that looks is compared with the key" in text) == bool(projected)
    gives = {"queries_and_keys": "key", "qkv": "value"}.get(variant, "embedding")
    assert f"Each word gives its {gives}, multiplied by its weight" in text
    (tables,) = re.findall(r"(\w+) tables of weights", text) or [""]
    assert tables == {"queries_and_keys": "Two", "qkv": "Three"}.get(variant, "")


@pytest.mark.parametrize(
    ("decimals", "told"), [(0, "no decimals"), (1, "one decimal."), (2, "two decimals"), (8, "eight decimals")]
)
def test_how_numbers_are_rounded_is_said(decimals, told):
    assert f"printed with {told}" in read_article(opening(decimals=decimals), 0).text


@pytest.mark.parametrize("name", EXAMPLES)
def test_where_the_numbers_come_from_is_said(name):
    text = read(f"example {name}", 0).text
    example = EXAMPLES[name]
    assert f"The experiment started from the example “{example.title}”. {example.source.replace('*', '')}" in text
    assert ("None is learned." in text) is not bool(example.build().learned.task)


def test_numbers_that_were_changed_or_made_up_are_called_so():
    changed = opening("bank zorp blip glum").with_rows(("bank",), [[1.0, 2.0, 3.0, 4.0]])
    changed = changed.with_like("blip", "cat").with_like("glum", "glum")
    text = read_article(changed, 0).text
    for words, origin in {
        "bank": "changed here",
        "zorp": "0, because nothing is known of the word",
        "blip": "copied from a similar word",
        "glum": "made up",
    }.items():
        assert f"The numbers of {words} are {origin}." in text
    assert "None is learned." in text
    assert "started from the example" not in read_article(replace(changed, example=""), 0).text


def test_the_word_that_is_followed_is_named_in_every_step():
    story = read_article(opening(), 4)
    assert "the word river is followed through every step" in story.text
    for heading in ("Queries, keys and values", "Scores", "Scaling", "Softmax", "The weighted sum"):
        assert any("river" in block.strong for block in story.step(heading)), heading


@each_article
def test_the_link_opens_the_experiment_from_two_places(story):
    assert [link for block in story.blocks for link in block.links] == [LINK, LINK]
    assert (
        story.blocks[-1].text
        == f"Made with the {PLAYGROUND}. Open the experiment, change a number, and see what follows."
    )


def test_without_a_link_there_is_none():
    story = read_article(opening(), 0, link="")
    assert not [link for block in story.blocks for link in block.links]
    assert "]()" not in story.told.markdown and "Open th" not in story.told.markdown
    assert story.blocks[-1].text == f"Made with the {PLAYGROUND}."


@each_article
def test_the_pictures_that_are_named_are_those_that_are_there(story):
    named_ones = [image for block in story.blocks for image in block.images]
    assert named_ones == [f"pictures/{each}.svg" for each in story.told.pictures]
    several = len(story.experiment.heads_in_use) > 1
    assert list(story.told.pictures) == ["scores", "weights", *(["weights_of_heads"] if several else [])]
    n = len(story.it.labels)
    assert len(story.told.pictures["weights"].chart.frame) == n * n


# --- words stay words ------------------------------------------------------------------------------------------------


OUR_STRONG = {
    *(
        "self-attention",
        "embedding",
        "query",
        "key",
        "value",
        "dot product",
        "causal mask",
        "neighbours",
        "positional encoding",
        "forbidden by hand",
    ),
    *("not scored against itself", "softmax", "context vector"),
}


@each_article
def test_nothing_that_a_person_wrote_is_interpreted(story):
    assert_only_ours_is_active(story)


def assert_only_ours_is_active(story):
    """`blocks_of` fails at HTML, code, lists and quotes; here, nothing else is emphasised, linked or drawn."""
    labels = {*story.it.labels, *row_labels(story.experiment, "embeddings")}
    strong = {seen(text) for block in story.blocks for text in block.strong}
    rows = {seen(row[0]) for _, (_, *rows) in story.tables() for row in rows}
    names = {head.name or f"Head {place}" for place, head in enumerate(story.experiment.heads, start=1)}
    assert strong <= OUR_STRONG | labels | rows | (names if len(names) > 1 else set())
    assert {story.label, "self-attention"} <= strong
    assert rows <= labels | set(story.experiment.dimensions)
    source = getattr(EXAMPLES.get(story.experiment.example), "source", "")
    captions = {"The scores as a heat map: green above 0, brown below."}
    captions |= {"The attention weights as a heat map: the darker, the more weight."}
    if "weights_of_heads" in story.told.pictures:
        captions.add("The attention weights of all heads, a heat map for each.")
    emphasised = {seen(text) for block in story.blocks for text in block.emphasised}
    assert captions <= emphasised <= captions | rows | labels | set(re.findall(r"\*([^*]+)\*", source))
    assert sum(len(block.links) for block in story.blocks) == 2
    assert sum(len(block.images) for block in story.blocks) == len(story.told.pictures)
    as_text = parser(formulas=False).parse(story.told.markdown)
    inside = [part.type for token in as_text for part in token.children or []]
    drawn = len(story.told.pictures)
    assert (inside.count("link_open"), inside.count("image"), inside.count("html_inline")) == (2, drawn, 0)
    assert "html_block" not in {token.type for token in as_text}, "nor to a reader that knows no formulas"


@each_article
def test_the_title_is_the_sentence_as_it_was_typed(story):
    sentence = " ".join(story.experiment.sentence.split())
    assert story.told.title == f"Self-attention by hand: “{sentence}”"
    assert (story.blocks[0].kind, seen(story.blocks[0].text)) == ("h1", story.told.title)


def test_a_name_of_a_column_is_text():
    story = read_article(two_columns(dimensions=("a_b_c", "größe")), 0)
    assert dict(story.tables())["W_Q:"][1:] == [["a_b_c", "1.00", "0.00"], ["größe", "0.00", "1.00"]]
    assert "its embedding: a_b_c and größe." in story.text


# --- anything --------------------------------------------------------------------------------------------------------


def assert_sound(story):
    assert_tables(story)
    assert_sums(story)
    assert_only_ours_is_active(story)


@SETTINGS
@given(experiments(), st.integers(0, 4), st.integers(0, MAX_DECIMALS))
def test_the_article_of_any_experiment_is_right(experiment, word, decimals):
    assert_sound(read_article(replace(experiment, decimals=decimals), word % len(experiment.words)))


@SETTINGS
@given(experiments_of_any_words(), st.integers(0, 99))
def test_so_is_that_of_any_words(experiment, word):
    assert_sound(read_article(experiment, word % len(experiment.words)))
