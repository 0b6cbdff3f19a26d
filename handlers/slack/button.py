"""What a button is."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.permission import Who
from handlers.slack.call import Call, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button on a message of ours. With `about_incident` its value is the incident's number."""

    run: Callable[[Call], Reply]
    changes: bool
    who: Who = Who.ANYONE
    about_incident: bool = True
