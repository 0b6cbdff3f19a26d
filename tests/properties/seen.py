"""What the database holds that command is about, as of one moment: for comparing before and after."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage import schema
from storage.store import Tx

Rows = list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Rows by table, each list in order of its key. `outbox` holds only what is newer than the one seen before."""

    now: datetime
    last_effect: int
    incidents: Rows
    members: Rows
    tenures: Rows
    rotas: Rows
    shifts: Rows
    handoffs: Rows
    asks: Rows
    takings: Rows
    trades: Rows
    pages: Rows
    reminders: Rows
    people: Rows
    outbox: Rows

    @classmethod
    def take(cls, tx: Tx, last_effect: int = 0) -> "Seen":
        rows: dict[str, Rows] = {}
        for field in fields(cls)[2:]:
            table = schema.metadata.tables[field.name]
            query = select(table).order_by(*table.primary_key)
            if field.name == "outbox":
                query = query.where(table.c.id > last_effect)
            rows[field.name] = list(tx.conn.execute(query))
        last = rows["outbox"][-1].id if rows["outbox"] else last_effect
        return cls(now=tx.now, last_effect=last, **rows)

    def same_as(self, other: "Seen") -> bool:
        """Whether nothing was written between the two."""
        return not self.outbox and all(
            getattr(self, field.name) == getattr(other, field.name) for field in fields(self)[2:-1]
        )

    def one(self, table: str, number: Any) -> Any:
        """The row of that id or number; None when there is none."""
        key = "number" if table == "incidents" else "id"
        return next((row for row in getattr(self, table) if getattr(row, key) == number), None)

    def is_open(self, incident: int) -> bool:
        return self.one("incidents", incident).ic_tenure is not None

    def holder(self, incident: int, role: str = "ic") -> str | None:
        held = (row for row in self.tenures if (row.incident, row.role, row.ended_at) == (incident, role, None))
        return next((row.person for row in held), None)

    def deactivated(self) -> set[str]:
        return {row.id for row in self.people if row.deactivated}

    def sees(self, incident: int, person: str) -> bool:
        """Whether this person may know of the incident."""
        inside = {row.person for row in self.members if row.incident == incident}
        inside |= {row.person for row in self.tenures if row.incident == incident and row.ended_at is None}
        return person in inside or not self.one("incidents", incident).private

    def running(self, incident: int, role: str = "ic") -> Any:
        """The running rota of that role; None when there is none."""
        rotas = (row for row in self.rotas if (row.incident, row.role, row.stopped_at) == (incident, role, None))
        return next(rotas, None)

    def shifts_of(self, rota: int) -> Rows:
        return sorted((row for row in self.shifts if row.rota == rota), key=lambda row: int(row.position))

    def pending(self, *kinds: str, subject: int | None = None) -> Rows:
        """Reminders still to come, of these kinds, about this subject."""
        return [
            row
            for row in self.reminders
            if row.state == "pending" and (not kinds or row.kind in kinds) and (subject in (None, row.subject))
        ]

    def open_offer(self, incident: int, role: str = "ic") -> Any:
        """The open question who takes that role; None when there is none."""
        found = (row for row in self.handoffs if (row.incident, row.role, row.state) == (incident, role, "open"))
        return next(found, None)
