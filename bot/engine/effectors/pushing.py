"""What customers are told, brought to Atlassian Statuspage and by Apprise."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot import log
from bot.actions.communication import pushing
from bot.domain.effect import Effect
from bot.engine.effectors.base import PUSH, Call, Drop, Effector, Fail, Look, Planning, Retry, Verdict
from bot.settings_push import redacted, targets_of, without_secrets
from storage import outbox
from storage.store import Tx

_NOT_TOLD = "customers know nothing of it, or no page is set"
# A key is mended by somebody; what waits then goes by itself.
_KEY_DELAY = timedelta(minutes=5)
# After each refusal of an Apprise URL; then it is the operator's.
_DELAYS = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 300, 600, 600))
_log = log.get("status-push")


class Statuspage(Effector):
    """Not a call to Slack: the relay gives it to `bot.engine.pushing`. One request each, then the next is promised."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        found = pushing.statuspage(on.tx, on.settings, effect.incident or 0)
        if found is None:
            return Drop(_NOT_TOLD)
        about = {"url": on.settings.status.statuspage_url, "key": on.settings.statuspage_key}
        return Call(
            method=PUSH, arguments={**about, "wanted": found.wanted, "known": found.known}, look=Look.STATUSPAGE
        )

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        pushing.pushed(tx, call.arguments["wanted"].page, effect.incident or 0, answer, effect.id)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Retry(_KEY_DELAY) if answer.get("status") in (401, 403) else Fail(error)


class StatusPush(Effector):
    """By a process of its own, as all notices go. Its URL is a secret of the settings: here it is known by a hash."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        url = targets_of(on.settings).get(effect.intent["to"])
        if url is None:
            return Drop("this URL is set no more")
        words = pushing.words_of(on.tx, on.settings, effect.incident or 0, effect.intent["update"])
        if words is None:
            return Drop("customers are not to know of it, or it was corrected meanwhile")
        # What came of a try is kept by its name: another try has another, and so has whatever is told after a restore
        # under numbers that were used before.
        marker = f"{effect.key}:{effect.id}:{effect.intent.get('tries', 0)}:{words.at.timestamp():.0f}"
        arguments = {"url": url, "title": words.title, "body": words.body}
        return Call(method="notify", arguments=arguments, look=Look.SPOOL, marker=marker)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        url, tries = call.arguments["url"], effect.intent.get("tries", 0)
        why = f"{redacted(effect.intent['to'], url)}: {without_secrets(error, url)}"
        again = {**effect.intent, "tries": tries + 1}
        if tries >= len(_DELAYS):
            # For when the operator has it tried again: this try would only be found to have failed.
            outbox.intend(tx, effect.id, again)
            return Fail(why)
        _log.warning("a status push failed", why=why, tries=tries + 1)
        return Retry(_DELAYS[tries], again, why=why)
