"""Whether Slack can be reached, as the relay's own requests show."""

from datetime import datetime

from bot.actions import effects
from bot.actions.waking import away
from bot.domain.away import LOST_AFTER, PROBE
from bot.engine.looking import Absent, CouldNotLook, Found
from bot.settings import Settings
from bot.slack import NotSent, Outcome, Uncertain
from storage.store import Tx


class Reach:
    """Remembers since when nothing has gone through. What follows from it is kept in the database."""

    def __init__(self) -> None:
        self._failing_since: datetime | None = None
        # Whether the database may hold that Slack is away: a process before this one may have written it.
        self._may_be_away = True

    def heard(self, tx: Tx, settings: Settings, method: str, result: Outcome | Found | Absent | CouldNotLook) -> None:
        """A request came to this. In the transaction that settles it."""
        outcome = result.outcome if isinstance(result, CouldNotLook) else result
        if not isinstance(outcome, NotSent | Uncertain):
            self._failing_since = None
            if self._may_be_away:
                self._may_be_away = False
                away.answered(tx, settings)
            return
        self._failing_since = self._failing_since or tx.now
        if tx.now - self._failing_since < LOST_AFTER:
            return
        if method == PROBE:
            self._may_be_away = True
            away.lost(tx, self._failing_since)
        else:
            # It may be one method that fails: what asks for nothing tells.
            effects.probe(tx, self._failing_since)
