"""No token and no response URL is ever in the log, whatever carries it."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import log
from bot.slack import Refused, Uncertain

SECRETS = [
    "xoxb-1234567890-abcdefSECRET",
    "xapp-1-A0123-456-SECRETdef",
    "xoxe.xoxp-1-SECRETSECRET",
    "https://hooks.slack.com/commands/T0123/456/SECRET",
    "https://hooks.slack.com/actions/T0123/456/SECRET",
]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    yield
    structlog.reset_defaults()
    root.handlers[:] = before[1]
    root.setLevel(before[0])


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: text,
        lambda text: f"GET {text} failed",
        lambda text: {"deep": [{"er": (text,)}]},
        lambda text: {text: 1},
        lambda text: Uncertain(f"lost: {text}"),
        lambda text: Refused("x", {"url": text}),
        ValueError,
        lambda text: {text},
        str.encode,
    ],
    ids=["text", "sentence", "nested", "key", "outcome", "answer", "error", "set", "bytes"],
)
def test_nothing_logged_holds_a_secret(capsys: pytest.CaptureFixture[str], secret: str, wrap: object) -> None:
    log.set_up("debug")
    assert callable(wrap)
    structlog.get_logger().info("it happened", about=wrap(secret))
    written = capsys.readouterr().err
    assert "it happened" in written
    assert "SECRET" not in written


@pytest.mark.parametrize("secret", SECRETS)
def test_an_exception_holds_no_secret(capsys: pytest.CaptureFixture[str], secret: str) -> None:
    log.set_up()
    try:
        raise ValueError(f"could not post to {secret}")
    except ValueError:
        structlog.get_logger().exception("broke")
        logging.getLogger("library").exception("broke there too: %s", secret)
    written = capsys.readouterr().err
    assert written.count("Traceback") == 2
    assert "SECRET" not in written


def test_what_is_no_secret_stays(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up()
    log.get("room").info(
        "said", number=7, none=None, flag=True, text="xoxo, kisses", url="https://slack.com/archives/C1"
    )
    event = json.loads(capsys.readouterr().err)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "room": "room",
        "event": "said",
        "level": "info",
        "number": 7,
        "none": None,
        "flag": True,
        "text": "xoxo, kisses",
        "url": "https://slack.com/archives/C1",
    }


def test_the_level_holds(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("warning")
    structlog.get_logger().info("quiet")
    assert capsys.readouterr().err == ""
    assert log.quiet("a.library").level == logging.ERROR
    assert sys.stderr.isatty() is False


def test_a_library_that_mends_itself_is_calm(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("info")
    try:
        raise ConnectionError("no route")
    except ConnectionError:
        log.calm("a.library").exception("Failed to connect")
    said = json.loads(capsys.readouterr().err)
    assert (said["event"], said["level"]) == ("Failed to connect", "warning")
    assert "exception" not in said
