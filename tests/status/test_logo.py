"""A logo, and links: what customers see of their owner, and nothing that could do more than be looked at."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.actions import status
from bot.domain.text import is_contact_link
from bot.engine.status_page import of
from bot.settings_tables import StatusLink, StatusSettings
from bot.status import edit, logo
from bot.status.edit import ByHand
from bot.status.files import Drawing
from storage.store import Store
from tests.status.pages import CALM, NOW
from tests.status.test_gathering import SETTINGS
from tests.status.test_serving import Visitor
from tests.support.clock import MovableClock

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 90
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
HARMLESS = (
    '<defs><linearGradient id="g"/><circle id="c" r="4"/></defs><style>.a{fill:url(#g)}</style>'
    '<use xlink:href="#c" fill="url(#g)" style="stroke:#345"/><image href="data:image/png;base64,AAAA"/>'
)


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("brand.SVG", SVG.format(HARMLESS).encode(), "logo.svg"),
        ("brand.svg", b"\xef\xbb\xbf" + SVG.format("<text>Håfen</text>").encode(), "logo.svg"),
        ("brand.png", PNG, "logo.png"),
        ("brand.jpeg", b"\xff\xd8\xff\xe0" + b"0" * 90, "logo.jpg"),
    ],
)
def test_a_picture_is_taken_as_it_is(tmp_path: Path, name: str, content: bytes, kept: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert logo.read(tmp_path / name) == (kept, content)


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", "holds <script>"),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>', "holds <script>"),
        ("<foreignObject><p>hello</p></foreignObject>", "holds <foreignobject>"),
        ('<circle r="1" onLoad="alert(1)"/>', "holds an onload handler"),
        ('<a href="javascript:alert(1)"><circle r="1"/></a>', "holds a link to javascript:alert(1)"),
        ('<image xlink:href="https://elsewhere.example/x.png"/>', "holds a link to https://elsewhere.example/x.png"),
        ('<image href="data:image/svg+xml,x"/>', "holds a link to data:image/svg+xml,x"),
        ('<set attributeName="xlink:href" to="javascript:alert(1)"/>', "holds an animated link"),
        ("<style>@import 'https://elsewhere.example/x.css';</style>", "holds a style that loads something"),
        ('<rect style="fill:url(//elsewhere.example/x)"/>', "holds a style that loads something"),
        ('<rect style="fill:\\75rl(//elsewhere.example/x)"/>', "holds a style that loads something"),
        ("<circle>", "is no SVG in UTF-8"),
    ],
)
def test_a_picture_that_could_do_something_is_refused(tmp_path: Path, inside: str, why: str) -> None:
    file = tmp_path / "brand.svg"
    file.write_text(SVG.format(inside))
    with pytest.raises(logo.BadLogo) as refused:
        logo.read(file)
    assert refused.value.user_text.startswith(f"status.logo: {file} {why}")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("brand.gif", b"GIF89a", "is no SVG, PNG or JPEG by its name."),
        ("brand.png", SVG.format("").encode(), "is not the picture that its name says."),
        ("brand.svg", b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "is no SVG in UTF-8."),
        ("brand.svg", SVG.format("").encode("utf-16"), "has a DOCTYPE or a style sheet of its own"),
        ("brand.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "has a DOCTYPE or a style sheet of its own"),
        ("brand.svg", b"<svg>" + b" " * 200_000, "is larger than 200 kB"),
        ("brand.svg", None, "can't be read (No such file or directory)."),
    ],
)
def test_what_is_no_picture_is_told_in_a_sentence(tmp_path: Path, name: str, content: bytes | None, why: str) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(logo.BadLogo) as refused:
        logo.read(file)
    assert refused.value.user_text.startswith(f"status.logo: {file} {why}")


def test_a_page_without_its_logo_says_so(store: Store, clock: MovableClock, tmp_path: Path) -> None:
    """Nobody is left without a page, or without a bot, because of a picture."""
    chosen = StatusSettings(folder=tmp_path, logo=tmp_path / "brand.svg")
    page = of(store, clock, SETTINGS.model_copy(update={"status": chosen}), tmp_path)
    [problem] = page.problems
    assert problem == f"status.logo: {tmp_path}/brand.svg can't be read (No such file or directory)."


def test_logo_and_links_stay_when_an_update_is_written_by_hand(tmp_path: Path) -> None:
    links = (StatusLink(text="Support", url="mailto:help@example.test"),)
    page = status.page_of(SETTINGS.model_copy(update={"status": StatusSettings(links=links)}), "logo.png")
    edit.renew(tmp_path, replace(CALM, page=page), Drawing(), {"logo.png": PNG})
    edit.publish(tmp_path, ByHand(text="We look into it.", title="Logins fail"), NOW)
    first = (tmp_path / "current/index.html").read_text()
    assert '<img src="logo.png" alt="" height="32">' in first
    assert '<a href="mailto:help@example.test" rel="noreferrer"><bdi>Support</bdi></a>' in first
    _, headers, content = Visitor(tmp_path).ask("/status/logo.png")
    assert content == PNG
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "; sandbox;" in headers["content-security-policy"]


def test_a_copy_can_not_name_another_file_its_logo(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    copy = tmp_path / "copy"
    edit.renew(copy, replace(CALM, page=replace(CALM.page, logo="../../../secret")), Drawing())
    edit.publish(copy, ByHand(text="We look into it.", title="Logins fail"), NOW)
    assert not [file for file in copy.rglob("*") if file.is_file() and file.read_bytes() == b"secret"]


@pytest.mark.parametrize(
    ("url", "possible"),
    [
        ("https://example.test/help?a=b", True),
        ("http://example.test", True),
        ("mailto:help+status@example.test", True),
        ("mailto:help@example.test?subject=x", False),
        ("mailto:", False),
        ("javascript:alert(1)", False),
        ("//example.test", False),
        ("tel:112", False),
        ("mailto:a@b\n", False),
    ],
)
def test_where_a_link_may_lead(url: str, possible: bool) -> None:
    assert is_contact_link(url) is possible
