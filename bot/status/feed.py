"""Atom feeds (RFC 4287): one of the page, one of each incident; an entry for each update, so that each is news.

Written as text: generators of feeds bring an XML library of 5 MB along, and leave what XML can't hold to their callers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha1
from html import escape
from uuid import NAMESPACE_URL

from bot.status.safe import line, safe
from bot.status.snapshot import Incident, Snapshot, Update
from bot.status.wording import iso, state_words, update_lines

_ATOM = "http://www.w3.org/2005/Atom"
_BREAK = "\n"
_ENDS = ("atom", "html")
# Readers look more often than so many updates are written.
_MOST = 50


def page_feed(snapshot: Snapshot) -> bytes:
    """The newest updates of all incidents."""
    pairs = ((update, incident) for incident in snapshot.incidents for update in incident.updates)
    newest = sorted(pairs, key=lambda pair: pair[0].at, reverse=True)[:_MOST]
    updated = newest[0][0].at if newest else snapshot.written_at
    head = _head(snapshot, "page", snapshot.page.name, ("feed.atom", ""), updated)
    return _feed(head, (_entry(snapshot, update, incident, "") for update, incident in newest))


def incident_feed(snapshot: Snapshot, incident: Incident) -> bytes:
    """The updates of one incident, all of them."""
    title, paths = f"{incident.title} · {snapshot.page.name}", tuple(f"incidents/{incident.id}.{end}" for end in _ENDS)
    head = _head(snapshot, f"incident:{incident.id}", title, paths, incident.changed_at)
    return _feed(head, (_entry(snapshot, update, incident, "../") for update in incident.updates))


def _head(snapshot: Snapshot, kind: str, title: str, paths: Sequence[str], updated: datetime) -> str:
    """`paths`: the feed's own, and that of the page it is about; left out where nobody knows what they begin with."""
    url = escape(snapshot.page.url)
    own, page = paths
    links = (
        f'<link rel="self" type="application/atom+xml" href="{url}{own}"/>'
        f'<link rel="alternate" type="text/html" href="{url}{page}"/>'
    )
    author = f"<author><name>{_line(snapshot.page.name) or 'Status'}</name></author>"
    head = f"<id>{_urn(snapshot, kind)}</id><title>{_line(title)}</title><updated>{iso(updated)}</updated>"
    return head + author + (links if url else "")


def _entry(snapshot: Snapshot, update: Update, incident: Incident, up: str) -> str:
    place = f"{escape(snapshot.page.url or up)}incidents/{incident.id}.html#u-{update.id}"
    content = "".join(_paragraph(text) for text in update_lines(update))
    return (
        f"<entry><id>{_urn(snapshot, f'update:{update.id}')}</id>"
        f"<title>{state_words(update.state)}: {_line(incident.title)}</title>"
        f"<published>{iso(update.at)}</published><updated>{iso(update.corrected_at or update.at)}</updated>"
        f'<link rel="alternate" type="text/html" href="{place}"/>'
        f'<content type="html">{escape(content)}</content></entry>\n'
    )


def _feed(head: str, entries: Iterable[str]) -> bytes:
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="{_ATOM}">{head}\n{"".join(entries)}</feed>\n'
    return text.encode()


def _line(text: str) -> str:
    return escape(line(text))


def _paragraph(text: str) -> str:
    """A paragraph of HTML, to be escaped once more: what people typed is text in it."""
    return f"<p>{escape(safe(text)).replace(_BREAK, '<br>')}</p>"


def _urn(snapshot: Snapshot, kind: str) -> str:
    return _uuid5(f"watchbill:{snapshot.page.key}:{kind}")


def _uuid5(name: str) -> str:
    """`uuid.uuid5(NAMESPACE_URL, name).urn`, in a quarter of the time: a long history has tens of thousands."""
    digits = sha1(NAMESPACE_URL.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
