"""What the people who run the bot are told in the operations channel, when there is one."""

from bot.actions import effects
from bot.settings import Settings
from storage import people
from storage.store import Tx


def tell(tx: Tx, settings: Settings, sentence: str, cause: str) -> None:
    """Post `sentence`, which is our own, once for each `cause`. Without the channel it is in the log and /readyz."""
    if channel := settings.channels.operations:
        effects.tell_duty(tx, people.place_of(tx, channel), "operators", cause, sentence=sentence)
