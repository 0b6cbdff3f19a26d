"""What files of the page are called and served as. Light: a bot without a page imports no more of it than this."""

from pathlib import PurePosixPath

# The snapshot itself, complete: what an update by hand is added to, and what the bot takes such updates in from.
DATA = "watchbill.json"
MANIFEST = "manifest.json"
# What a logo is called beside the pages, by the end of the name that its file has.
LOGOS = {".svg": "logo.svg", ".png": "logo.png", ".jpg": "logo.jpg", ".jpeg": "logo.jpg"}
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".atom": "application/atom+xml; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}


def kind_of(name: str) -> str:
    """The content type by which a file of the page is served."""
    return _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
