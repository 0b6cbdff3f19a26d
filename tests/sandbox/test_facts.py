"""The method table, by facts that a reader can look up."""

from sandbox.facts import BOT_SCOPES, METHODS


def test_a_method_has_its_tier_scopes_and_arguments() -> None:
    create = METHODS["conversations.create"]
    assert create.tier == 2
    assert {"channels:manage", "groups:write"} <= create.scopes
    assert create.required == {"name"}
    assert create.arguments == {"is_private", "name", "team_id", "token"}


def test_special_limits_have_no_tier() -> None:
    assert [name for name, method in METHODS.items() if method.tier is None] == [
        "auth.test",
        "blocks.validate",
        "chat.getPermalink",
        "chat.postMessage",
    ]


def test_what_is_required_is_an_argument_and_never_the_token() -> None:
    for method in METHODS.values():
        assert method.required <= method.arguments - {"token"}, method.name


def test_scopes_are_those_of_some_method() -> None:
    assert {"chat:write", "pins:write", "users:read.email"} <= BOT_SCOPES
    assert METHODS["views.open"].scopes == frozenset()
