"""Who may do what."""

import pytest

from bot.domain.permission import Standing, Who, check_may, may
from bot.errors import NotAllowed

TABLE = {
    (Standing.OUTSIDER, Who.ANYONE): True,
    (Standing.OUTSIDER, Who.MEMBER): False,
    (Standing.OUTSIDER, Who.COMMAND): False,
    (Standing.OUTSIDER, Who.COMMANDERS): False,
    (Standing.MEMBER, Who.ANYONE): True,
    (Standing.MEMBER, Who.MEMBER): True,
    (Standing.MEMBER, Who.COMMAND): False,
    (Standing.MEMBER, Who.COMMANDERS): False,
    (Standing.COMMAND, Who.ANYONE): True,
    (Standing.COMMAND, Who.MEMBER): True,
    (Standing.COMMAND, Who.COMMAND): True,
    (Standing.COMMAND, Who.COMMANDERS): False,
    (Standing.COMMANDER, Who.ANYONE): True,
    (Standing.COMMANDER, Who.MEMBER): True,
    (Standing.COMMANDER, Who.COMMAND): True,
    (Standing.COMMANDER, Who.COMMANDERS): True,
    # A role or a group publishes, and no standing.
    **{(standing, Who.PUBLISH): False for standing in Standing},
}


def test_the_table_is_whole() -> None:
    assert set(TABLE) == {(standing, who) for standing in Standing for who in Who}


@pytest.mark.parametrize(("asked", "allowed"), [*TABLE.items()], ids=str)
def test_may(asked: tuple[Standing, Who], allowed: bool) -> None:
    assert may(*asked) is allowed


@pytest.mark.parametrize(
    ("standing", "who", "channel", "sentence"),
    [
        (
            Standing.OUTSIDER,
            Who.MEMBER,
            "C0INC00001",
            "Only members of the incident can do that, and you are not in INC-7. Join <#C0INC00001> first.",
        ),
        (
            Standing.OUTSIDER,
            Who.COMMAND,
            None,
            "Only the IC, the deputy and commanders can do that, and you are not in INC-7. Join its channel first.",
        ),
        (
            Standing.MEMBER,
            Who.COMMAND,
            "C0INC00001",
            "Only the IC, the deputy and commanders can do that. Ask one of them: `/incident command INC-7`",
        ),
    ],
)
def test_a_refusal_says_who_may(standing: Standing, who: Who, channel: str | None, sentence: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        check_may(standing, who, "INC-7", channel)
    assert refused.value.sentence == sentence
