"""Whether a machine's clock is to be believed. All times are epoch seconds, or seconds of a clock that never steps.

Both clocks of a machine that slept have moved; of one whose clock was set only the wall's has. Set far ahead, all that
the bot has planned would be due at once: until Slack's clock agrees it goes on by the time that it had.
"""

from dataclasses import dataclass

# Summer time is none of this: these are instants.
LONGEST_STEP = 3600.0
LARGEST_SKEW = 60.0


@dataclass(frozen=True, slots=True)
class Belief:
    """What time it is: `base` plus what has elapsed. `ahead`: by how much the wall says more, and is not believed."""

    base: float
    ahead: float = 0.0
    # How far the wall was ahead of Slack's clock when Slack was last heard.
    skew: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether the wall is not believed."""
        return self.ahead > 0


def seen(belief: Belief, wall: float, elapsed: float) -> Belief:
    """The clock on the wall was read. A step back, or a small one, is followed; a large one ahead is not."""
    step = wall - elapsed - belief.base
    if step > LONGEST_STEP:
        return belief if abs(step - belief.ahead) < 1 else Belief(belief.base, step, belief.skew)
    if not belief.ahead and abs(step) < 1e-3:
        return belief
    return Belief(wall - elapsed, 0.0, belief.skew)


def heard(belief: Belief, wall: float, elapsed: float, slack: float) -> Belief:
    """Slack said what time it is. It confirms the wall, or shows that the wall is far ahead."""
    skew = wall - slack
    if abs(skew) < LARGEST_SKEW:
        return Belief(wall - elapsed, 0.0, skew)
    if skew > LONGEST_STEP:
        # Also at a start, when no step was seen: only Slack knows then.
        base = belief.base if belief.holds else slack - elapsed
        return Belief(base, wall - elapsed - base, skew)
    return Belief(belief.base, belief.ahead, skew)


def sentences(belief: Belief) -> list[str]:
    """What an operator should do about the clock."""
    remedy = "switch on time synchronisation (NTP)."
    if belief.holds:
        step = f"This machine's clock was set {_long(belief.ahead)} ahead, and Slack's does not agree yet"
        return [f"{step}: the bot goes on by the time that it had; {remedy}"]
    return skew_sentence(belief.skew)


def skew_sentence(seconds: float) -> list[str]:
    """How far this machine's clock is from Slack's, when that is more than a minute."""
    if abs(seconds) <= LARGEST_SKEW:
        return []
    way = "ahead of" if seconds > 0 else "behind"
    return [f"This machine's clock is {_long(abs(seconds))} {way} Slack's: switch on time synchronisation (NTP)."]


def _long(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 7200 else f"{seconds / 3600:.0f} h"
