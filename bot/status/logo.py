"""A logo for the page, as its owner gives it: a picture, and one that can do no more than be looked at.

Pages show it as an image, where nothing in it runs. Somebody may open it by itself, and from a bucket or from disk it
comes without any policy: so an SVG with anything active in it, or that loads something, is refused.
"""

import re
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from bot.errors import BotError
from bot.status.names import LOGOS

LIMIT = 200_000
_BEGINS = {"logo.png": b"\x89PNG\r\n\x1a\n", "logo.jpg": b"\xff\xd8\xff"}
_ACTIVE = {"script", "foreignobject", "iframe", "embed", "object", "handler", "listener"}
# In CSS: what is loaded from elsewhere, or hidden by an escape; a gradient of the picture's own is `url(#…)`.
_LOADS = re.compile(r"\\|@import|url\(\s*['\"]?(?!#|data:image/(?:png|jpeg);)", re.IGNORECASE)
_HARMLESS_LINK = re.compile(r"#|data:image/(?:png|jpeg);")


class BadLogo(BotError):
    """The file can't be the logo of a page."""


def read(file: Path) -> tuple[str, bytes]:
    """The name that it has beside the pages, and its content. Raises BadLogo."""
    name = LOGOS.get(file.suffix.lower())
    if name is None:
        raise BadLogo(f"status.logo: {file} is no SVG, PNG or JPEG by its name.")
    try:
        with file.open("rb") as opened:
            content = opened.read(LIMIT + 1)
    except OSError as error:
        raise BadLogo(f"status.logo: {file} can't be read ({error.strerror or error}).") from error
    if len(content) > LIMIT:
        raise BadLogo(f"status.logo: {file} is larger than {LIMIT // 1000} kB, too much for a phone.")
    if wrong := _wrong(name, content):
        raise BadLogo(f"status.logo: {file} {wrong}.")
    return name, content


def _wrong(name: str, content: bytes) -> str:
    if name in _BEGINS:
        return "" if content.startswith(_BEGINS[name]) else "is not the picture that its name says"
    # It may define entities, which grow without end or hide what they stand for; a picture needs none.
    if b"\0" in content or b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<?xml-stylesheet" in content:
        return "has a DOCTYPE or a style sheet of its own: save it as a plain SVG"
    # By its declaration alone it might be read otherwise than it was looked at.
    try:
        content.decode("utf-8")
        elements = _elements(content)
    except (ParseError, ValueError):
        return "is no SVG in UTF-8"
    if not elements or _local(elements[0].tag) != "svg":
        return "is no SVG in UTF-8"
    if active := [found for one in elements if (found := _active(one))]:
        return f"holds {active[0]}: save it as a plain SVG"
    return ""


def _elements(content: bytes) -> list[Element]:
    return list(fromstring(content).iter())  # noqa: S314 (of the operator's, small, and without entities)


def _active(element: Element) -> str:
    """What in it does something, or loads something; empty when nothing does."""
    name = _local(element.tag)
    if name in _ACTIVE:
        return f"<{name}>"
    if name == "style" and _LOADS.search("".join(element.itertext())):
        return "a style that loads something"
    for key, value in element.attrib.items():
        attribute = _local(key)
        if attribute.startswith("on"):
            return f"an {attribute} handler"
        if attribute in {"href", "src"} and not _HARMLESS_LINK.match(value.strip()):
            return f"a link to {value.strip()[:40]}"
        if _LOADS.search(value):
            return "a style that loads something"
        # An animation may set a link to what it likes.
        if attribute == "attributename" and value.strip().lower().endswith("href"):
            return "an animated link"
    return ""


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()
