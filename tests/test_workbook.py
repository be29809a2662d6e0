"""The workbook as it is made: text stays text, every number is a formula, and it says where numbers come from."""

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from support.heads import some_heads
from support.workbooks import (
    CASES,
    FORMULAS,
    HOSTILE,
    INPUTS,
    all_cells,
    assert_calculated,
    cells,
    expected,
    inputs_of,
    made,
    opened,
    sheets_of,
    small,
    unchanged,
    values,
)

from attention_core import EXAMPLES, VARIANTS, attend
from attention_core.masks import MASKS
from attention_core.positions import WORD_ORDERS
from attention_core.stages import EDITED, OF_ONE_HEAD, PARTS
from exports.workbook import MAX_WORKBOOK_WORDS, most_words, not_in_a_workbook, workbook
from presentation.palette import DIVERGING, SEQUENTIAL, colour_of
from presentation.tables import row_labels

SWITCHES = {"scaling", *MASKS}
SETTINGS = {"own_divisor", "neighbour_count", "wave_base"}


AS_MADE = {name: made for name, (made, change, _) in CASES.items() if change is unchanged}


# --- what the file holds ---------------------------------------------------------------------------------------------


@pytest.fixture
def plain():
    return opened(workbook(small()))


@pytest.fixture(scope="module", params=CASES)
def case(request):
    """Each workbook in turn, opened once for all tests of it: its case, and what is in it."""
    return request.param, opened(made(request.param))


@pytest.mark.parametrize("name", AS_MADE)
def test_viewers_that_do_not_calculate_show_the_numbers_of_the_core(name):
    assert_calculated(opened(made(name), data_only=True), AS_MADE[name])


def test_every_number_is_a_formula_but_the_inputs(case):
    name, book = case
    experiment = CASES[name][0]
    inputs = inputs_of(experiment)
    kinds = {name: {cell.data_type for row in cells(book, name) for cell in row} for name in expected(experiment)}
    assert kinds == {name: {"n"} if name in inputs else {"f"} for name in kinds}
    numbers = sum(cell.data_type == "n" for cell in all_cells(book))
    settings = [value for name in SETTINGS for ((value,),) in [values(book, name)] if value is not None]
    assert numbers == sum(np.size(values(book, each)) for each in inputs) + len(settings)


KNOWN = {"IF", "SUMPRODUCT", "MMULT", "SQRT", "COLUMNS", "ISNUMBER", "EXP", "MAX", "SUM", "OR", "AND", "SIN", "COS"}


def test_formulas_need_no_array_entry(case):
    name, book = case
    formulas = [cell.value for cell in all_cells(book) if cell.data_type == "f"]
    assert {called for formula in formulas for called in re.findall(r"([A-Z]+)\(", formula)} <= KNOWN
    assert not [formula for formula in formulas if formula.count("MMULT") != formula.count("SUMPRODUCT(MMULT(")]
    text = sheets_of(made(name))
    assert "<f>" in text
    assert not re.search(r"<f [^>]*>|<c [^>]*cm=", text)


def test_a_formula_can_be_read_and_filled_down(plain):
    top = cells(plain, "embeddings")[0][0].row  # below the switches, of which there is one for each mask
    assert values(plain, "x")[3][0] == values(plain, "x")[0][0] == f"=Inputs!B{top}", "both are the same word"
    assert values(plain, "q")[1][1] == f"=$B7*Inputs!H${top}+$C7*Inputs!H${top + 1}+$D7*Inputs!H${top + 2}"
    assert values(plain, "scores")[1][2] == "=SUMPRODUCT(Vectors!$G7:$H7,Vectors!$K$8:$L$8)"
    assert values(plain, "divisor") == [
        [
            '=IF(attention_scaling="on",IF(ISNUMBER(attention_own_divisor),attention_own_divisor,'
            "SQRT(COLUMNS(attention_k))),1)"
        ]
    ]
    too_far = 'AND(attention_neighbours="on",1>attention_neighbour_count)'
    itself, next_word = values(plain, "mask")[0][:2]
    assert itself == '=IF(attention_not_itself="on",0,1)'
    assert next_word.startswith("=IF(OR(") and next_word.endswith("),0,1)")
    assert 'attention_causal="on"' in next_word and too_far in next_word
    assert values(plain, "scaled_scores")[0][1] == '=IF(C13=1,C6/attention_divisor,"–")'
    assert values(plain, "largest")[0] == ["=MAX(Scores!$B20:$F20)"]
    assert values(plain, "exponentials")[0][0] == "=IF(ISNUMBER(Scores!B20),EXP(Scores!B20-$B6),0)"
    assert values(plain, "totals")[0] == ["=SUM($D6:$H6)"]
    assert values(plain, "weights")[0][0] == "=IF($C6=0,0,D6/$C6)"
    assert values(plain, "context")[2][1] == "=SUMPRODUCT(MMULT(Softmax!$D15:$H15,Vectors!P$6:P$10))"


def test_the_names_stand_for_tables_with_their_words_and_columns_around_them(plain):
    words, columns = ("The·1", "cat", "chased", "the·4", "mouse"), ("d1", "d2", "d3")
    around = {
        "embeddings": (("The", "cat", "chased", "mouse"), columns),
        "w_q": (columns, ("q1", "q2")),
        "w_k": (columns, ("k1", "k2")),
        "w_v": (columns, ("v1", "v2", "v3", "v4", "v5")),
        "x": (words, columns),
        "q": (words, ("q1", "q2")),
        "k": (words, ("k1", "k2")),
        "v": (words, ("v1", "v2", "v3", "v4", "v5")),
        "context": (words, ("v1", "v2", "v3", "v4", "v5")),
    }
    for name, (rows, headings) in around.items():
        block = cells(plain, name)
        assert tuple(row[0].offset(0, -1).value for row in block) == rows, name
        assert tuple(cell.offset(-1, 0).value for cell in block[0]) == headings, name
    for name in ("scores", "mask", "scaled_scores", "exponentials", "weights"):
        block = cells(plain, name)
        sheet = block[0][0].parent
        assert tuple(sheet.cell(row[0].row, 1).value for row in block) == words, name
        assert tuple(sheet.cell(4, cell.column).value for cell in block[0]) == words, name


def test_every_name_is_one_that_spreadsheets_of_all_languages_take(plain):
    assert {name.removeprefix("attention_") for name in plain.defined_names} == INPUTS | FORMULAS | SWITCHES | SETTINGS
    for name in plain.defined_names:
        assert re.fullmatch("attention_[a-z_]+", name)
        assert name in next(row[1].value for row in plain["Read me"].iter_rows() if row[0].value == "Names")


@pytest.mark.parametrize("name", [name for name in CASES if "like formulas" in name])
def test_words_that_look_like_formulas_stay_text(name):
    book, experiment = opened(made(name)), CASES[name][0]
    assert book["Read me"]["B3"].value == HOSTILE
    assert book["Read me"]["B3"].data_type == "s"
    for table, labels in (("embeddings", row_labels(experiment, "embeddings")), ("x", attend(experiment).labels)):
        written = [row[0].offset(0, -1) for row in cells(book, table)]
        assert [cell.value for cell in written] == list(labels)
        assert {cell.data_type for cell in written} == {"s"}
    assert not any(cell.hyperlink and cell.hyperlink.target for cell in book["Read me"]["B"])
    assert not [cell for cell in all_cells(book) if cell.data_type == "f" and "1+1" in cell.value]


@pytest.mark.parametrize("sentence", ["a\ud800b \x01 \uffff _x0041_", "e" + "\u0301" * 9_990, "w" * 10_000])
def test_no_sentence_breaks_the_file(sentence):
    experiment = small(sentence)
    assert_calculated(opened(workbook(experiment), data_only=True), experiment)


# --- how it is arranged ----------------------------------------------------------------------------------------------


def test_the_first_sheet_tells_what_it_is(plain):
    assert plain.sheetnames == ["Read me", "Inputs", "Vectors", "Scores", "Softmax", "Context"]
    told = "\n".join(str(cell.value) for cell in all_cells(plain) if cell.parent.title == "Read me")
    for text in ("The cat chased the mouse", VARIANTS["qkv"].summary, VARIANTS["qkv"].source, "Inputs!B3", "made up"):
        assert text in told
    for sheet in plain.sheetnames[1:]:
        assert sheet in [cell.value for cell in plain["Read me"]["A"] if cell.hyperlink]


def test_it_says_where_the_numbers_come_from():
    book = opened(workbook(EXAMPLES["bank-as-printed"].build().with_sentence("money bank zzz")))
    told = "\n".join(str(cell.value) for cell in all_cells(book) if cell.parent.title == "Read me")
    assert "It began with “Bank, 0.2 of money”. bank = [0.6, 0.2, 0.1, 0.7]" in told
    assert [row[-1].offset(0, 1).value for row in cells(book, "embeddings")] == [
        "example",
        "example",
        "made up",
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_table_that_takes_no_part_says_so(variant):
    book = opened(workbook(small(variant=variant)))
    for part in "qkv":
        used = part in VARIANTS[variant].parts
        for name in (part, f"w_{part}"):
            title = cells(book, name)[0][0].offset(-2, -1).value
            assert title.startswith(name.upper())
            assert title.endswith("(not used by this way to attend)") is not used


def test_titles_have_the_colours_of_queries_keys_values_and_embeddings(plain):
    for part in PARTS:
        colour = colour_of(part)
        for name in (part, f"w_{part}" if part != "x" else "embeddings"):
            title = cells(plain, name)[0][0].offset(-2, -1)
            assert title.font.color.rgb == f"FF{colour[1:].upper()}"


def test_exactly_the_inputs_have_a_yellow_ground(plain):
    yellow = {(cell.parent.title, cell.coordinate) for cell in all_cells(plain) if cell.fill.fill_type == "solid"}
    inputs = {
        (cell.parent.title, cell.coordinate)
        for name in INPUTS | SWITCHES | SETTINGS
        for row in cells(plain, name)
        for cell in row
    }
    ((own_divisor,),) = cells(plain, "own_divisor")
    assert yellow == inputs - {("Inputs", own_divisor.coordinate)} and own_divisor.value is None


def test_the_switches_offer_on_and_off():
    book = opened(workbook(small(scaled=False, masks=("causal",))))
    assert [values(book, "scaling"), values(book, "causal")] == [[["off"]], [["on"]]]
    lists = {
        str(each.sqref): each.formula1 for each in book["Inputs"].data_validations.dataValidation if each.type == "list"
    }
    assert lists == {f"B{row}": '"on,off"' for row in range(3, 3 + len(SWITCHES))}


def test_a_cell_for_a_number_takes_only_numbers(plain):
    guarded = [str(each.sqref) for each in plain["Inputs"].data_validations.dataValidation if each.type == "decimal"]
    assert [f"{place}:{place}" if ":" not in place else place for place in guarded] == [
        plain.defined_names[f"attention_{name}"].attr_text.split("!")[1].replace("$", "")
        for name in ("own_divisor", "neighbour_count", "wave_base", "embeddings", "w_q", "w_k", "w_v")
    ]


@pytest.mark.parametrize(("decimals", "written"), [(0, "0"), (2, "0.00"), (8, "0.00000000")])
def test_numbers_have_the_decimals_that_the_person_chose(decimals, written):
    book = opened(workbook(small(decimals=decimals)))
    formats = {name: {cell.number_format for row in cells(book, name) for cell in row} for name in INPUTS | FORMULAS}
    assert formats == {name: {written} for name in formats} | {"mask": {"0"}}


def test_weights_are_coloured_from_0_to_1_and_scores_around_0(plain):
    scales = {}
    for sheet in plain:
        for place in sheet.conditional_formatting:
            for rule in place.rules:
                if rule.type == "colorScale":
                    scales[f"{sheet.title}!{place.sqref}"] = rule.colorScale
    places = {name: plain.defined_names[f"attention_{name}"].attr_text.replace("$", "") for name in FORMULAS}
    assert set(scales) == {places[name] for name in ("scores", "scaled_scores", "weights", "context")}
    weights, scores = scales[places["weights"]], scales[places["scores"]]
    assert [(end.type, end.val) for end in weights.cfvo] == [("num", 0), ("num", 0.5), ("num", 1)]
    assert [each.rgb for each in weights.color] == [f"FF{SEQUENTIAL[place][1:].upper()}" for place in (0, 2, 4)]
    assert [each.rgb for each in scores.color] == [f"FF{DIVERGING[place][1:].upper()}" for place in (1, 3, 5)]


def test_words_stay_in_sight_and_columns_are_wide_enough():
    book = opened(workbook(small(decimals=8)))
    below_the_inputs = f"B{7 + len(MASKS) + len(SETTINGS)}"
    assert [book[name].freeze_panes for name in book.sheetnames] == [
        None,
        below_the_inputs,
        "B6",
        "B5",
        "B5",
        "B6",
    ]
    for name in ("scores", "weights", "context"):
        sheet = cells(book, name)[0][0].parent
        assert sheet.column_dimensions["B"].width > len("-0.12345678")


LINK = "https://playground.example/?x=1~"


def link_of(link):
    return [cell for cell in opened(workbook(small(), link=link))["Read me"]["B"] if cell.value][-1]


def test_the_link_reopens_the_experiment():
    assert link_of(LINK + "abc").hyperlink.target == LINK + "abc"
    assert "attention_context" in link_of("").value, "the row before it"


def test_a_long_link_is_text_and_one_too_long_for_a_cell_is_left_out():
    longest = LINK.ljust(2_079, "a")
    assert link_of(longest).hyperlink.target == longest
    assert link_of(longest + "a").hyperlink is None
    assert link_of(longest + "a").value == longest + "a"
    assert link_of(LINK.ljust(32_767, "a")).value == LINK.ljust(32_767, "a")
    assert "too long" in link_of(LINK.ljust(32_768, "a")).value


def test_what_is_no_web_address_is_no_link():
    assert link_of("internal:Inputs!A1").hyperlink is None


# --- making it -------------------------------------------------------------------------------------------------------


def test_the_same_experiment_gives_the_same_bytes_without_time_or_person():
    made = workbook(small(), link=LINK)
    assert made == workbook(small(), link=LINK)
    assert made != workbook(small(scaled=False), link=LINK)
    properties = opened(made).properties
    assert (properties.created.year, properties.modified) == (2024, properties.created)
    assert properties.title == "Self-attention, calculated cell by cell"
    assert not properties.creator and not properties.lastModifiedBy
    assert {part.date_time[0] for part in zipfile.ZipFile(io.BytesIO(made)).infolist()} == {1980}


def test_progress_rises_to_one():
    heard = []
    workbook(small(" ".join(f"w{place}" for place in range(30))), progress=heard.append)
    assert heard == sorted(set(heard))
    assert len(heard) > 20
    assert heard[0] > 0
    assert heard[-1] == 1.0


def test_too_many_words_are_refused_in_words():
    sentence = " ".join(["w"] * (MAX_WORKBOOK_WORDS + 1))
    with pytest.raises(ValueError, match=rf"has {MAX_WORKBOOK_WORDS + 1} words; a workbook holds up to"):
        workbook(small(sentence))
    with pytest.raises(ValueError, match=rf"has {MAX_WORKBOOK_WORDS + 1} characters;"):
        workbook(small("w" * (MAX_WORKBOOK_WORDS + 1), split_into="characters"))


WAVES = small(positions="rotary")
THREE = some_heads(WAVES, 3)


@pytest.mark.parametrize("experiment", [WAVES, THREE], ids=["one head", "three heads"])
def test_every_stage_is_a_table_of_formulas_unless_a_person_edits_it(experiment):
    book, calculation = opened(workbook(experiment)), attend(experiment)
    for head in range(len(calculation.heads)):
        for stage in calculation.stages:
            prefix = f"head_{head + 1}_" if calculation.joins and stage in OF_ONE_HEAD else ""
            wanted = calculation.of_head(head).table(stage)
            assert np.shape(cells(book, prefix + stage)) == wanted.shape
            kinds = {cell.data_type for row in cells(book, prefix + stage) for cell in row}
            assert kinds == {"n" if stage in (*EDITED, "w_o") else "f"}


@pytest.mark.parametrize("heads", [2, 8])
def test_more_heads_leave_room_for_fewer_words_and_it_says_how_many(heads):
    experiment = some_heads(small("a b", w_v=[[1], [2], [3]]), heads)
    most = most_words(attend(experiment))
    assert heads * most**2 <= 5 * MAX_WORKBOOK_WORDS**2 / 4
    fits = experiment.with_sentence(" ".join(["w"] * most))
    assert not not_in_a_workbook(attend(fits))
    too_long = fits.with_sentence(" ".join(["w"] * (most + 1)))
    with pytest.raises(ValueError, match=f"has {most + 1} words; a workbook of {heads} heads holds up to {most}"):
        workbook(too_long)


def test_a_workbook_of_heads_has_a_sheet_for_each_and_says_what_it_is_called():
    named = replace(THREE.with_head_chosen(1), head_name="=looks at <b>verbs</b>")
    book = opened(workbook(named))
    heads = ["Head 1", "Head 2", "Head 3"]
    assert book.sheetnames == ["Read me", "Inputs", "Order", "Mask", *heads, "Context"]
    assert [book[head]["A2"].value.split(": its tables")[0] for head in heads[1:]] == [
        "“=looks at <b>verbs</b>”",
        "“head 3”",
    ]
    told = "\n".join(str(cell.value) for cell in book["Read me"]["B"])
    assert "Choose another word order in Inputs!B8 (None, Waves, My own) and watch Head 2." in told
    assert "those of the other heads begin with attention_head_2_ or attention_head_3_." in told


def test_word_order_can_be_any_that_there_is():
    book = opened(workbook(WAVES))
    place = cells(book, "word_order")[0][0].coordinate
    (choices,) = [each.formula1 for each in book["Inputs"].data_validations.dataValidation if str(each.sqref) == place]
    assert choices == '"' + ",".join(order.name for order in WORD_ORDERS.values()) + '"'
    assert values(book, "word_order") == [["Rotary"]]
