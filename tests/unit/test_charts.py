"""Charts: what stands in the SVG, that nothing leaves it, and the PNG that is made of it."""

import asyncio
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts import MOST_PANELS, WIDTH, description, progress_svg
from bot.domain.progress import Measure, Reading
from bot.engine.uploading import drawn

START = datetime(2026, 3, 1, 22, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def measure(values: Sequence[int], name: str = "shared databases", totals: Sequence[int] = ()) -> Measure:
    found = tuple(
        Reading(at=START + timedelta(minutes=30 * number), value=value, total=totals[number] if totals else 900)
        for number, value in enumerate(values)
    )
    return Measure(id=1, incident=7, name=name, readings=found)


STEADY = measure([100, 150, 205, 250, 300, 350])
NOW = STEADY.last.at + timedelta(minutes=3)


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_it_says_all_that_it_shows() -> None:
    svg = progress_svg("INC-7 Databases are down", [STEADY], NOW)
    said = texts(svg)
    assert {
        "INC-7 Databases are down",
        "shared databases",
        "350 of 900 (38 %)",
        "350",
        "UTC",
        "Mon 2 Mar 2026 00:33 UTC",
    } <= set(said)
    assert {"0", "200", "1,000"} <= set(said)
    assert {"22:00", "Sun 1 Mar", "00:00", "Mon 2 Mar"} <= set(said)
    (estimate,) = [one for one in said if one.startswith("Done between ")]
    assert estimate.endswith("UTC (an estimate from the last 6 readings)")
    root = ElementTree.fromstring(svg)
    assert root.get("aria-labelledby") == "title desc"
    assert root.findtext(f"{SVG}title") == "INC-7 Databases are down"
    assert root.findtext(f"{SVG}desc") == description([STEADY], NOW)
    assert "350 of 900 (38 %); done between" in description([STEADY], NOW)


def test_without_an_estimate_it_says_why_and_shows_no_range() -> None:
    stalled = measure([100, 150, 200, 200, 200])
    with_range, without = (progress_svg("x", [one], NOW) for one in (STEADY, stalled))
    assert "No estimate: it stands still" in texts(without)
    assert (with_range.count("#f4b95f"), without.count("#f4b95f")) == (1, 0)


def test_a_total_that_changed_is_a_step() -> None:
    grown = measure([100, 150, 200], totals=[900, 900, 1100])
    (dashed,) = [
        one for one in ElementTree.fromstring(progress_svg("x", [grown], NOW)).iter() if one.get("stroke-dasharray")
    ]
    assert "V" in str(dashed.get("d"))


def test_names_break_nothing() -> None:
    name = "<!channel> & \"'</text><script>"
    svg = progress_svg(name, [measure([1], name)], NOW)
    assert name in texts(svg)
    assert "<script" not in svg


def test_a_panel_for_each_and_not_too_many() -> None:
    many = [measure([number], f"m{number}") for number in range(9)]
    shown = [one for one in texts(progress_svg("x", many, NOW)) if one in {made.name for made in many}]
    assert len(shown) == MOST_PANELS


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 60 * 24 * 40), st.integers(0, 10**9)), min_size=1, max_size=30),
    st.integers(1, 10**9),
)
def test_nothing_leaves_the_picture(steps: list[tuple[int, int]], total: int) -> None:
    at, readings = START, []
    for minutes, value in steps:
        at += timedelta(minutes=minutes)
        readings.append(Reading(at=at, value=min(value, total), total=total))
    svg = progress_svg("x", [Measure(id=1, incident=1, name="x", readings=tuple(readings))], at)
    root = ElementTree.fromstring(svg)
    for one in root.iter(f"{SVG}circle"):
        assert 0 <= float(one.get("cx", "-1")) <= WIDTH
        assert 0 <= float(one.get("cy", "-1")) <= float(root.get("height", "0"))
    ticks = [one for one in texts(svg) if one[2:3] == ":" and len(one) == 5]
    assert len(ticks) <= 10
    assert "nan" not in svg


@pytest.fixture(scope="module")
def png() -> bytes:
    return asyncio.run(drawn(progress_svg("INC-7 Ünïcode Базы", [STEADY], NOW)))


def test_the_png_is_one(png: bytes) -> None:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (1440, 612)
    assert 10_000 < len(png) < 200_000


def test_the_text_is_drawn_with_the_fonts_that_come_along(png: bytes) -> None:
    nameless = progress_svg(" ", [measure([100, 150, 205, 250, 300, 350], " ")], NOW)
    assert len(asyncio.run(drawn(nameless))) < len(png)


def test_what_is_no_picture_is_an_error() -> None:
    with pytest.raises(RuntimeError, match=r"bot\.raster ended with 1"):
        asyncio.run(drawn("no svg"))
