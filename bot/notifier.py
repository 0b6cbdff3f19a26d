"""Sends one notice by Apprise: `python -m bot.notifier` reads what to send from its standard input, as JSON.

A process of its own: Apprise costs 25 MiB and a quarter of a second, its plugins block, and it must outlive the bot
(`bot.spool` says why). What it is to send comes by a pipe, since command lines are read by anybody on the machine.
"""

import json
import logging
import signal
import sys
from io import StringIO
from pathlib import Path
from types import FrameType

from bot.spool import Busy, Sent, Spool

LIMIT_SECONDS = 20
# How somebody who did not get it is told why; Apprise's own words name hosts and ports, but no passwords.
_LONGEST_WHY = 150


class _TooLong(Exception):
    """It took longer than LIMIT_SECONDS."""


def main() -> int:
    """Send, once. 0 when the spool knows what came of it, 1 when somebody else is at it."""
    order = json.load(sys.stdin)
    spool = Spool(Path(order["spool"]), order["key"])
    try:
        with spool.sending():
            if spool.read_ended() is None:
                spool.end(_send(order["url"], order["title"], order["body"]))
    except Busy:
        return 1
    return 0


def _send(url: str, title: str, body: str) -> Sent:
    import apprise

    signal.signal(signal.SIGALRM, _ring)
    signal.alarm(LIMIT_SECONDS)
    asset = apprise.AppriseAsset(app_id="Watchbill", app_desc="Watchbill", app_url="", async_mode=False)
    said = StringIO()
    try:
        logging.getLogger("apprise").addHandler(logging.StreamHandler(said))
        to = apprise.Apprise(asset=asset)
        if not to.add(url):
            return Sent("it is not an address that I understand")
        if to.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            return Sent()
    except _TooLong:
        return Sent(f"its server did not answer within {LIMIT_SECONDS} s")
    finally:
        signal.alarm(0)
    return Sent(_why(said.getvalue()))


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLong


def _why(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " ".join(lines)[:_LONGEST_WHY] or "its server did not take it"


if __name__ == "__main__":
    sys.exit(main())
