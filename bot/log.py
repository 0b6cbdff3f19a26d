"""Logging: structlog, JSON when nobody is looking, tokens never."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_TOKEN = re.compile(r"\b(x(?:ox[a-z]|app)[-.][\w.-]{6})[\w.-]+|(hooks\.slack\.com/\w+/)[\w/]+")


def _hide(value: object) -> object:
    if isinstance(value, str):
        return _TOKEN.sub(lambda found: f"{found.group(1) or found.group(2)}…", value)
    if isinstance(value, Mapping):
        return {str(_hide(key)): _hide(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hide(item) for item in value]
    if value is None or isinstance(value, int | float):
        return value
    # An outcome, an exception: written by their repr, which may quote an address.
    return _hide(repr(value))


def hide_tokens(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: Slack tokens and response URLs are cut after their first characters."""
    for key, value in event.items():
        event[key] = _hide(value)
    return event


def set_up(level: str = "info") -> None:
    """Send our events and the libraries' warnings to stderr: lines for a terminal, JSON otherwise."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_tokens,
    ]
    terminal = sys.stderr.isatty()
    last = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=last))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def get(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger that names its room in each event."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(room=name)
    return logger


def quiet(name: str) -> logging.Logger:
    """A library's logger that says only what went wrong: the SDK tests `logger.level` itself, so it must be set."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger


def calm(name: str) -> logging.Logger:
    """A library's logger for what mends itself: what it calls an error, with a traceback, is one line of warning.

    The Socket Mode client complains so at each of its attempts while Slack is away; `/readyz` says that it is.
    """
    logger = quiet(name)
    logger.addFilter(_as_warning)
    return logger


def _as_warning(record: logging.LogRecord) -> bool:
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    record.exc_info = None
    return True
