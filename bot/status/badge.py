"""A badge for other pages: how things were when, since a picture can't know that it has grown old."""

from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, tostring

from bot.domain.impact import Level
from bot.status.snapshot import Snapshot
from bot.status.wording import overall

# White on these has a contrast of at least 4.5.
_COLOUR = {
    Level.OPERATIONAL: "#2c7a4b",
    Level.UNDER_MAINTENANCE: "#2a5db0",
    Level.DEGRADED_PERFORMANCE: "#8a5a00",
    Level.PARTIAL_OUTAGE: "#a84300",
    Level.MAJOR_OUTAGE: "#b3201c",
}
_FONT = "Verdana, DejaVu Sans, sans-serif"
_LETTER = 7


def badge_svg(snapshot: Snapshot) -> bytes:
    """`status | All systems operational, 21 Nov 14:05 UTC`. Nothing in it was typed by anybody."""
    level, said = overall(snapshot)
    right = f"{said}, {snapshot.written_at.astimezone(UTC):%-d %b %H:%M} UTC"
    left_wide, right_wide = 52, len(right) * _LETTER + 16
    wide = left_wide + right_wide
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg", width=str(wide), height="22", role="img")
    svg.attrib |= {"viewBox": f"0 0 {wide} 22", "aria-label": f"status: {right}", "font-family": _FONT}
    SubElement(svg, "title").text = f"status: {right}"
    SubElement(svg, "rect", width=str(wide), height="22", rx="4", fill="#3d4650")
    colour = _COLOUR[level]
    SubElement(
        svg, "path", d=f"M{left_wide} 0h{right_wide - 4}a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4H{left_wide}z", fill=colour
    )
    _text(svg, left_wide / 2, "status", left_wide - 14)
    _text(svg, left_wide + right_wide / 2, right, right_wide - 16)
    return tostring(svg, encoding="unicode").encode()


def _text(svg: Element, x: float, text: str, length: int) -> None:
    """Stretched to its place, whatever font there is."""
    shape = {"font-size": "12", "text-anchor": "middle", "fill": "#fff", "textLength": str(length)}
    SubElement(svg, "text", attrib=shape, x=f"{x:g}", y="15.5").text = text
