"""The picture of a long sentence, whose panels are pictures with a pixel for each number."""

import json
from dataclasses import replace

import numpy as np
import pytest
import vl_convert
from support.bitmaps import colours, read_back

from attention_core import OPENING, attend
from attention_core.stages import Stage
from presentation.attention_picture import Place, attention_picture
from presentation.attention_picture_map import MAPS
from presentation.palette import DIVERGING, SEQUENTIAL, colour_at

CHOSEN = Place(Stage.WEIGHTS, 1, 0)


def drawn(count, **changes):
    words = " ".join(f"w{at} river cat"[: 3 if at % 2 else 12] for at in range(count)).split()[:count]
    return attention_picture(attend(replace(OPENING.build().with_sentence(" ".join(words)), **changes)), CHOSEN)


def maps(picture):
    return {row["stage"]: row for row in picture.more[MAPS].to_pylist()}


def values(picture, stage):
    frame = picture.table.to_pandas()
    rows = frame[frame["stage"] == stage]
    return rows["value"].to_numpy().reshape(rows["query_position"].nunique(), -1)


def channels(ramp, where):
    return [round(255 * channel) for channel in colour_at(ramp, where)]


@pytest.mark.parametrize("count", [17, 40, 64, 130])
def test_each_number_has_its_pixel_in_the_colour_that_it_would_have_as_a_cell(count):
    picture = drawn(count)
    for stage, told in maps(picture).items():
        numbers, pixels = values(picture, stage), read_back(told["image"])
        assert (told["rows"], told["columns"]) == numbers.shape == pixels.shape[:2]
        most = np.abs(numbers).max()
        for place in zip(
            *np.unravel_index(np.argsort(numbers, axis=None)[:: numbers.size // 9], numbers.shape), strict=True
        ):
            where = numbers[place] if stage == "weights" else (numbers[place] / most + 1) / 2
            wanted = channels(SEQUENTIAL if stage == "weights" else DIVERGING, where)
            assert np.abs(pixels[place][:3].astype(int) - wanted).max() <= 3, (stage, place)
            assert pixels[place][3] == 255


def test_what_a_mask_forbids_lets_the_ground_through():
    picture = drawn(20, masks=("causal",))
    pixels = read_back(maps(picture)["weights"]["image"])
    above = np.triu(np.ones((20, 20), bool), 1)
    assert (pixels[above] == [136, 136, 136, 69]).all() and (pixels[~above][:, 3] == 255).all()


def test_a_short_sentence_has_cells_and_no_pictures():
    assert MAPS not in drawn(16).more and len(colours(maps(drawn(17))["scores"]["image"])) > 1


@pytest.mark.parametrize("count", [17, 130])
def test_the_browser_knows_the_mouse_and_finds_the_number_below_it_without_the_server(count):
    """Vega-Lite hands on what its own schema does not speak of, and calls the table of the numbers as we do."""
    compiled = vl_convert.vegalite_to_vega(json.loads(json.dumps(drawn(count).spec)))
    signals = {each["name"]: each for each in compiled["signals"]}
    assert "x()" in signals["mouse"]["on"][0]["update"] and signals["mouse"]["value"] == [-9, -9]
    assert "data('source')" in signals["pointed_datum"]["update"]
    assert "source" in [each["name"] for each in compiled["data"]]
    assert [mark["name"] for mark in compiled["marks"]][-1] == "pointer_marks", "it lies above all others"
    assert [mark["type"] for mark in compiled["marks"]].count("image") == 1
