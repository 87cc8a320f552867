"""The tokens of the theme keep text readable and charts distinct, in light and dark mode."""

import itertools
import math
import re
from pathlib import Path

import pytest

import dentelle.web

THEME = Path(dentelle.web.__file__).parent / "static" / "dentelle" / "theme.css"
Colour = tuple[float, float, float]

# Machado, Oliveira & Fernandes (2009), severity 1: how the colours look without one kind of cone
EYES: dict[str, tuple[Colour, Colour, Colour]] = {
    "trichromat": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanope": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranope": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanope": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def tokens(mode: str) -> dict[str, str]:
    """The tokens of the first block (light), or of the dark one over it."""
    blocks = re.findall(r'\[data-bs-theme="light"\] \{(.*?)\}', THEME.read_text(encoding="utf-8"), re.DOTALL)
    found = [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    assert len(found) == 2
    return found[0] if mode == "light" else found[0] | found[1]


def linear(colour: str) -> Colour:
    red, green, blue = (int(colour[rank : rank + 2], 16) / 255 for rank in (1, 3, 5))
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (red, green, blue))  # type: ignore[return-value]


def luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(linear(one)), luminance(linear(other))))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: Colour) -> Colour:
    red, green, blue = (min(1.0, max(0.0, v)) for v in colour)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen_by(eye: str, colour: str) -> Colour:
    return lab(tuple(sum(m * v for m, v in zip(row, linear(colour), strict=True)) for row in EYES[eye]))  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "wash"])
@pytest.mark.parametrize("text", ["ink", "muted", "thread", "support", "warn", "danger", "ok"])
def test_text_has_a_contrast_of_four_and_a_half(mode: str, ground: str, text: str) -> None:
    assert contrast(tokens(mode)[text], tokens(mode)[ground]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("shape", ["control", *(f"chart-{rank}" for rank in range(1, 7))])
def test_controls_and_chart_colours_have_a_contrast_of_three(mode: str, shape: str) -> None:
    assert contrast(tokens(mode)[shape], tokens(mode)["paper"]) >= 3


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_the_six_chart_colours_stay_apart_for_colour_blind_eyes(mode: str, eye: str) -> None:
    colours = [tokens(mode)[f"chart-{rank}"] for rank in range(1, 7)]
    closest = min(
        math.dist(seen_by(eye, one), seen_by(eye, other)) for one, other in itertools.combinations(colours, 2)
    )
    # a distance of 2.3 in CIELAB is just noticeable; labels and textures double the colour anyway
    assert closest >= 12
