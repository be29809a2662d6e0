"""Text in the colours of the roles can be read in both themes, and the four are told apart by colour-blind readers."""

import itertools
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from presentation import palette
from presentation.palette import colour_at, contrast

ROOT = Path(__file__).resolve().parent.parent
STYLE = (ROOT / "ui" / "roles.css").read_text()
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
GROUNDS = {"light": "#ffffff", "dark": "#171614"}  # Streamlit's, where a theme names none
INK_OF_PAGE = {"light": "#31333f", "dark": "#fafafa"}
ROLES = {"query": "blue", "key": "orange", "value": "green", "embedding": "violet"}
FIXED = dict(zip(ROLES, (palette.QUERY, palette.KEY, palette.VALUE, palette.EMBEDDING), strict=True))
AA, AA_OF_MARKS = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11

# How colours look to somebody who lacks a kind of cone, in linear RGB.  Source: Machado, Oliveira and Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, table of severity 1.0
SEEN = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
APART = 14.0  # ΔE*ab; a difference is seen from 2.3 on (Mahy et al. 1994), these are small marks and thin letters


def shades(name):
    """The two shades of a variable in roles.css: light theme, dark theme."""
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", STYLE)
    return dict(zip(GROUNDS, found.groups(), strict=True))


def read_on(ink, ground):
    return contrast(colour_at((ink, ink), 0), colour_at((ground, ground), 0))


def over(colour, ground):
    """A half transparent colour as it is seen on a ground."""
    *channels, alpha = (float(part) for part in re.findall(r"[\d.]+", colour))
    below = [int(ground[at : at + 2], 16) for at in (1, 3, 5)]
    mixed = (round(alpha * top + (1 - alpha) * under) for top, under in zip(channels, below, strict=True))
    return "#" + "".join(f"{each:02x}" for each in mixed)


def lab(colour, kind):
    """CIELAB of a colour as somebody sees it.  Source: IEC 61966-2-1 (sRGB), CIE 15:2004"""
    srgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SEEN[kind]) @ linear, 0, 1)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    xyz = np.array(to_xyz) @ seen / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("name", [*ROLES, "grey"])
def test_text_in_the_colour_of_a_role_is_read_on_the_ground_of_its_theme(name, theme):
    assert read_on(shades(name)[theme], GROUNDS[theme]) >= AA


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("role", ROLES)
def test_prose_has_the_colours_of_formulas_and_pictures(role, theme):
    assert THEME[theme][f"{ROLES[role]}TextColor"] == shades(role)[theme]


@pytest.mark.parametrize("role", ROLES)
def test_the_style_knows_the_colours_that_formulas_and_pictures_are_written_in(role):
    colour = FIXED[role]
    as_numbers = ", ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    takes = rf"\s*\{{\s*(?:color|fill): var\(--{role}\)"
    assert re.search(rf'\.katex \[style\*="{as_numbers}"\],\n\.katex \[style\*="{colour}"\]{takes}', STYLE)
    assert re.search(rf'text\[fill="{colour}"\]{takes}', STYLE)
    assert re.search(rf'text\[fill="{palette.GREY}"\]\s*\{{\s*fill: var\(--grey\)', STYLE)
    assert re.search(rf'\.katex \[style\*="{palette.GREY}"\]\s*\{{\s*color: var\(--grey\)', STYLE)


@pytest.mark.parametrize("ground", GROUNDS.values())
@pytest.mark.parametrize("role", ROLES)
def test_marks_in_the_colour_of_a_role_are_seen_on_either_ground(role, ground):
    assert read_on(FIXED[role], ground) >= AA_OF_MARKS


@pytest.mark.parametrize("theme", GROUNDS)
def test_the_page_s_ink_is_read_on_a_cell_that_may_not_be_looked_at(theme):
    assert read_on(INK_OF_PAGE[theme], over(palette.FORBIDDEN, GROUNDS[theme])) >= AA


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("colours", ["fixed", *GROUNDS])
def test_the_four_colours_are_told_apart_by_whoever_sees_them(colours, kind):
    four = FIXED.values() if colours == "fixed" else [shades(role)[colours] for role in ROLES]
    for one, other in itertools.combinations(four, 2):
        assert np.linalg.norm(lab(one, kind) - lab(other, kind)) >= APART, (one, other)


@pytest.mark.parametrize("theme", GROUNDS)
def test_the_main_button_is_read(theme):
    inks = re.search(r"stBaseButton-primary.*?light-dark\((#\w+), (#\w+)\)", STYLE, re.DOTALL).groups()
    ink = dict(zip(GROUNDS, inks, strict=True))[theme]
    assert read_on(ink, THEME[theme]["primaryColor"]) >= AA
