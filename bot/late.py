"""What is imported late, off the event loop: each costs a good part of a second in which commands must be answered."""

from typing import Any


def engine() -> Any:
    """bot.engine.engine"""
    from bot.engine import engine as found

    return found


def status_page() -> Any:
    """bot.engine.status_page"""
    from bot.engine import status_page as found

    return found


def bucket() -> Any:
    """bot.status.bucket"""
    from bot.status import bucket as found

    return found


def web() -> Any:
    """handlers.web, with all of its modules."""
    import handlers.web
    import handlers.web.app
    import handlers.web.pages
    import handlers.web.server
    import handlers.web.slack

    return handlers.web
