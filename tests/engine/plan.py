"""A rota of command whose boundaries come and go: time passes as the engine lets it, and what was said is listed."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.actions.command import rota
from bot.actions.incident.declare import Declaration, declare
from bot.actions.remind import run_due
from bot.domain.handoff import Handoff
from bot.domain.incident import Incident, Severity
from bot.domain.reminder import ReminderState
from bot.domain.rota import Shift
from bot.settings_tables import Groups
from storage import handoffs, incidents, reminders, rotas
from storage.store import Store, Tx
from storage.tables import outbox
from storage.tables import reminders as table
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, COMMANDER, EVE, IC, settings

HOUR = timedelta(hours=1)
SHIFT = 8 * HOUR
MANAGER = "UMON00001"
DEPUTIZES = "UDEP00001"
SETTINGS = settings(groups=Groups(commanders=(COMMANDER,), managers=(MANAGER,)))
OF_SHIFT = ("shift-hour", "shift-half", "shift-soon", "shift-boundary")
DELIVERED = (ReminderState.DELIVERED, "")
Told = tuple[float, str, str]


class Plan:
    """IC, BOB and EVE take turns of 8 h from START on, in a sev3, in which nobody looks after the IC."""

    def __init__(self, store: Store, clock: MovableClock) -> None:
        self.store, self.clock = store, clock
        self.do(self._begin)

    def _begin(self, tx: Tx) -> None:
        made = declare(tx, SETTINGS, Declaration(title="Checkout is slow", severity=Severity.SEV3), IC)
        rota.start(tx, made, "ic", (IC, BOB, EVE), SHIFT, IC)

    def do(self, action: Callable[[Tx], object]) -> None:
        with self.store.write() as tx:
            action(tx)

    def tick(self) -> int:
        """Settle what is due; how much that was."""
        count = 0
        with self.store.write() as tx:
            while found := run_due(tx, SETTINGS):
                count += found
        return count

    def until(self, hours: float) -> None:
        """Let time pass until so many hours after START, ticking whenever something is due."""
        to = START + hours * HOUR
        while True:
            with self.store.read() as tx:
                due = reminders.next_due(tx)
            if due is None or due > to:
                break
            self.clock.move(seconds=(due - self.clock.now()).total_seconds())
            self.tick()
        self.clock.move(seconds=(to - self.clock.now()).total_seconds())

    def told(self, *people: str) -> list[Told]:
        """What was said to whom (empty: in the channel) from an hour before the first boundary on, and in which minute
        of it, in order.
        """
        with self.store.read() as tx:
            rows = tx.conn.execute(select(outbox).order_by(outbox.c.id)).all()
        said = [
            ((row.created_at - START - SHIFT) / timedelta(minutes=1), *_words(row.kind, row.intent))
            for row in rows
            if row.kind in {"post", "offer", "briefing"}
        ]
        return [one for one in said if one[0] >= -60 and (not people or one[2] in people)]

    def shift(self, position: int, role: str = "ic") -> Shift:
        with self.store.read() as tx:
            running = rotas.running(tx, 1, role)
            assert running
            return rotas.shifts_of(tx, running.id)[position]

    def ended(self, position: int) -> dict[str, tuple[str, str]]:
        """How the steps of a boundary ended: by kind, state and reason."""
        with self.store.read() as tx:
            rows = tx.conn.execute(select(table).order_by(table.c.due_at)).all()
        wanted = self.shift(position).id
        return {row.kind: (row.state, row.reason) for row in rows if row.kind in OF_SHIFT and row.subject == wanted}

    def offer(self) -> Handoff | None:
        with self.store.read() as tx:
            return handoffs.open_offer(tx, 1)

    def asked(self) -> Handoff:
        """The offer of command that is open."""
        found = self.offer()
        assert found
        return found


def incident(tx: Tx) -> Incident:
    return incidents.get(tx, 1)


def _words(kind: str, intent: Mapping[str, Any]) -> tuple[str, str]:
    return intent.get("what", kind), intent.get("to", "")
