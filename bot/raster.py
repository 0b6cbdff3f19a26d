"""SVG to PNG, in a process of its own: `python -m bot.raster < SVG > PNG`.

The library holds Python's one lock while it draws: in a thread it would hold up the whole bot for a fifth of a second.
The fonts come with the bot: a server may have none.
"""

import sys
from importlib.resources import files

_FONTS = ("Inter-Regular.otf", "Inter-SemiBold.otf")
# Sharp on a phone, and small enough for a slow line.
_ZOOM = 1.5


def png(svg: str) -> bytes:
    """The picture as PNG, one and a half times as large. Raises ValueError for what is no SVG."""
    # Only where a chart is drawn: the library takes 15 MiB.
    import resvg_py

    folder = files("bot") / "fonts"
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=_ZOOM,
        skip_system_fonts=True,
        font_files=[str(folder / name) for name in _FONTS],
        font_family="Inter",
        sans_serif_family="Inter",
    )


def main() -> None:
    """Draw what stands in standard input."""
    sys.stdout.buffer.write(png(sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()
