"""How much room the disk of the database has left, and what to do about it. All sizes are bytes."""

from dataclasses import dataclass

MB = 1024 * 1024
# With less than this the ballast is thrown overboard.
LEAST_FREE = 32 * MB
_SHARES = (0.10, 0.20)


@dataclass(frozen=True, slots=True)
class Room:
    """What a file system says of itself."""

    free: int
    total: int

    @property
    def alarm(self) -> float:
        """The share of which less is free: 0.1, 0.2, or 0 when all is well. A large disk is not full at a tenth."""
        if self.free >= 20 * 1024 * MB or not self.total:
            return 0.0
        return next((share for share in _SHARES if self.free < share * self.total), 0.0)

    @property
    def needs_ballast(self) -> bool:
        """Whether room must be made now."""
        return self.free < LEAST_FREE

    def has_room_for(self, ballast: int) -> bool:
        """Whether a ballast can be laid down without being missed."""
        after = self.free - ballast
        return after > 2 * ballast and after > 2 * LEAST_FREE


def sentences(room: Room, folder: str) -> list[str]:
    """What an operator should do about it."""
    if not room.alarm:
        return []
    left = f"{room.free / MB:.0f} MB"
    return [f"Less than {room.alarm:.0%} of the disk of {folder} is free ({left}): make room, or give it a larger one."]
