"""The one entrance from Slack: a listener for each kind of payload, the boundary, and the dispatch by our tables.

Bolt runs with `process_before_response`: a listener commits, then acknowledges. What is acknowledged is on disk.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse

from bot import log
from bot.actions import effects
from bot.boundary import Boundary, bounded
from bot.domain.text import clean
from bot.errors import BotError
from bot.heard import as_typed
from bot.messages import replies
from bot.messages.communication.forms_updates import ON_TOP, refused
from bot.messages.forms import answers, people_chosen
from bot.messages.kit import Block, Message, modal, section
from bot.settings import Settings
from bot.slack import Ok, SlackGateway, within
from handlers.slack import activity
from handlers.slack.button import Button
from handlers.slack.buttons import BUTTONS, press
from handlers.slack.call import Asked, Reply
from handlers.slack.commands import answer_at_once, perform, understand
from handlers.slack.events import EVENTS, MATTERS, OUR_EVENTS
from handlers.slack.filled import Filled, Submission
from handlers.slack.incident.submissions import SUBMISSIONS
from handlers.slack.plainly import plainly
from handlers.slack.profiles import Profiles
from handlers.slack.shortcuts import SHORTCUTS, Shortcut, use
from handlers.slack.words import people_in
from storage import inbox
from storage.store import Store, Tx

_ANY = re.compile(".*", re.DOTALL)
_VIEW_SECONDS = 2.0
_TO_READ = frozenset({"context", "divider", "header", "section"})
# So many of the people whom somebody names are looked up.
_MOST_NAMED = 10
_OF_THE_TOKEN = frozenset({"app_uninstalled", "tokens_revoked"})
_log = log.get("entry")
Json = dict[str, Any]


class Entry:
    """Everything that comes in from Slack."""

    def __init__(
        self, store: Store, gateway: SlackGateway, settings: Settings, profiles: Profiles, our_user: str
    ) -> None:
        self._store, self._gateway, self._settings = store, gateway, settings
        self._profiles, self._our_user = profiles, our_user
        self._later: set[asyncio.Task[Any]] = set()

    def register(self, app: AsyncApp) -> None:
        """One listener for each kind of payload; our tables do the rest."""
        app.command(_ANY)(self._command)
        app.action(_ANY)(self._action)
        app.view_submission(_ANY)(self._submission)
        app.view_closed(_ANY)(_nothing)
        app.shortcut(_ANY)(self._shortcut)
        app.options(_ANY)(_no_options)
        app.event(_ANY)(self._event)
        app.error(_event_failed)

    @property
    def busy(self) -> int:
        """How many answers to buttons are still on their way."""
        return len(self._later)

    async def drain(self) -> None:
        if self._later:
            await asyncio.wait(self._later)

    async def _command(self, ack: AsyncAck, body: Json) -> None:
        asked = Asked(
            by=body["user_id"],
            channel_id=body.get("channel_id", ""),
            text=clean(as_typed(body.get("text") or "")),
            response_url=body.get("response_url", ""),
            key=body["trigger_id"],
        )
        reply = await self._bounded(asked, lambda: self._do(asked))
        self._meet(asked)
        message = reply.message
        if reply.view:
            message = await self._open(asked.key, reply.view, asked.text)
        await ack(**message.as_arguments()) if message else await ack()

    async def _do(self, asked: Asked) -> Reply:
        command, _, rest = understand(asked.text)
        if at_once := answer_at_once(command, rest):
            return at_once
        if command.names_people:
            # Theirs too: times that they type are in their zone.
            await self._profiles.know([asked.by, *people_in(rest)])
        if not command.changes:
            return self._noting(asked, await self._store.view(perform, self._settings, asked))
        return await self._store.run(_once, asked.key, lambda tx: perform(tx, self._settings, asked))

    async def _action(self, ack: AsyncAck, body: Json) -> None:
        action = body["actions"][0]
        container = body.get("container") or {}
        asked = Asked(
            by=body["user"]["id"],
            channel_id=container.get("channel_id") or (body.get("channel") or {}).get("id", ""),
            text=action.get("value") or "",
            response_url=body.get("response_url", ""),
            key=body["trigger_id"],
        )
        button = BUTTONS.get(action["action_id"])
        if button:
            # One question is answered once, however often its button is pressed; each line of a choice is a question.
            question = f"confirmed:{container.get('message_ts')}:{action.get('block_id')}"
            once = question if action["action_id"] == "command:run" else asked.key
            reply = await self._bounded(asked, lambda: self._press(button, asked, once))
            await self._reply(asked, reply)
            if button.changes and (body.get("view") or {}).get("type") == "home":
                # Whatever came of it, what they see is shown anew.
                self._aside(self._store.run(effects.publish_home, asked.by, "pressed"))
        await ack()

    async def _reply(self, asked: Asked, reply: Reply) -> None:
        """Open the form that is the answer, or tell it beside the ack, which can't carry it."""
        self._meet(asked)
        message = await self._open(asked.key, reply.view, "") if reply.view else reply.message
        if message:
            self._tell(asked, message)

    async def _press(self, button: Button, asked: Asked, once: str) -> Reply:
        if not button.changes:
            return self._noting(asked, await self._store.view(press, self._settings, button, asked))
        return await self._store.run(_once, once, lambda tx: press(tx, self._settings, button, asked))

    async def _shortcut(self, ack: AsyncAck, body: Json) -> None:
        asked = Asked(
            by=body["user"]["id"],
            channel_id=(body.get("channel") or {}).get("id", ""),
            text=body["callback_id"],
            response_url=body.get("response_url", ""),
            key=body["trigger_id"],
        )
        if shortcut := SHORTCUTS.get(asked.text):
            await self._reply(asked, await self._bounded(asked, lambda: self._use(shortcut, asked, body)))
        await ack()

    async def _use(self, shortcut: Shortcut, asked: Asked, body: Json) -> Reply:
        if not shortcut.changes:
            return await self._store.view(use, self._settings, shortcut, asked, body)
        return await self._store.run(_once, asked.key, lambda tx: use(tx, self._settings, shortcut, asked, body))

    async def _submission(self, ack: AsyncAck, body: Json) -> None:
        view, by = body["view"], body["user"]["id"]
        submission, block = SUBMISSIONS[view["callback_id"]]
        asked = Asked(by=by, channel_id="", text=view["callback_id"], key=body["trigger_id"])
        reply = await self._bounded(asked, lambda: self._submit(submission, view, asked))
        self._meet(asked)
        on_top = view["callback_id"] in ON_TOP
        if reply.message and on_top:
            # A preview has no field that could show it.
            await ack(response_action="update", view=refused(reply.message))
        elif reply.message:
            wrong = reply.fields or {block: reply.message.text}
            errors = {name: (await self._plain(text))[:500] for name, text in wrong.items()}
            await ack(response_action="errors", errors=errors)
        elif reply.view:
            pushed = reply.view.get("callback_id") in ON_TOP and not on_top
            await ack(response_action="push" if pushed else "update", view=reply.view)
        else:
            await (ack(response_action="clear") if on_top else ack())

    async def _plain(self, text: str) -> str:
        """A refusal for a form. One that says that something broke must not need the database."""
        return await self._store.view(plainly, text) if "<" in text or "&" in text else text.replace("`", "")

    async def _submit(self, submission: Submission, view: Json, asked: Asked) -> Reply:
        given, about = answers(view), view.get("private_metadata") or ""
        if chosen := people_chosen(view):
            # As when a command names people: whether they can act, and their zones, matter from now on.
            await self._profiles.know([asked.by, *chosen])

        def send(tx: Tx) -> Reply:
            filled = Filled(
                tx=tx, settings=self._settings, answers=given, metadata=about, by=asked.by, view=view.get("id") or ""
            )
            return Reply(view=submission(filled))

        return await self._store.run(_once, asked.key, send)

    async def _event(self, ack: AsyncAck, body: Json) -> None:
        event = body["event"]
        handle = (OUR_EVENTS if event.get("user") == self._our_user else EVENTS).get(event["type"])
        if event["type"] in _OF_THE_TOKEN:
            # Asked at once, so that the refusal is seen before somebody needs the bot.
            self._aside(self._gateway.call("auth.test", {}))
        matters = MATTERS.get(event["type"])
        if handle and (matters is None or await self._store.view(matters, event)):
            await self._store.run(
                _once, body["event_id"], lambda tx: _handled(handle(tx, self._settings, event)), told=False
            )
        await ack()

    async def _bounded(self, asked: Asked, work: Callable[[], Awaitable[Reply]]) -> Reply:
        with Boundary(_log, "broke", by=asked.by, asked=asked.text[:80]) as outcome:
            try:
                return await work()
            except BotError as refused:
                _log.info("refused", by=asked.by, asked=asked.text[:80], why=refused.sentence)
                return Reply(replies.refusal(refused.sentence), fields=refused.fields)
        return Reply(replies.broke(outcome.ref))

    async def _open(self, trigger_id: str, view: Block, text: str) -> Message | None:
        """Open a form while its trigger lives; when that fails, say so and name the way without a form."""
        arguments = {"trigger_id": trigger_id, "view": view}
        outcome = await within(_VIEW_SECONDS, self._gateway.call("views.open", arguments))
        if isinstance(outcome, Ok):
            return None
        _log.warning("form not opened", outcome=outcome, asked=text[:80])
        hint = _IN_ONE_LINE.get(view.get("callback_id", ""), "/incident help")
        return replies.refusal(f"Slack didn't open the form. Try again, or in one line: `{hint}`")

    def _tell(self, asked: Asked, message: Message) -> None:
        """Answer a button: its ack can't, so this goes to the response_url, beside everything else."""
        if asked.response_url:
            body = {"replace_original": False, "response_type": "ephemeral", **message.as_arguments()}
            work = self._gateway.respond(asked.response_url, body)
        else:
            # A button in App Home has no response_url.
            view = modal("Watchbill", _readable(message), close="Close")
            work = self._gateway.call("views.open", {"trigger_id": asked.key, "view": view})
        self._aside(work)

    def _noting(self, asked: Asked, reply: Reply) -> Reply:
        """What only reads leaves a trace beside the answer, when it was whoever has command who read."""
        if reply.read_by_commander_of is not None:
            self._aside(self._store.run(activity.note, reply.read_by_commander_of, asked.by))
        return reply

    def _meet(self, asked: Asked) -> None:
        """Have the names and zones of whoever acts and of whom they name: topics, DMs and briefings need them later."""
        self._aside(self._profiles.know([asked.by, *people_in(asked.text)[:_MOST_NAMED]]))

    def _aside(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(bounded(work, _log, "work beside an answer broke"))
        self._later.add(task)
        task.add_done_callback(self._later.discard)


_IN_ONE_LINE = {
    "form:declare": "/incident declare checkout is down",
    "form:note": "/incident note disk of db-3 is full",
    "form:edit": "/incident severity sev1",
    "form:briefing": "/incident note the replica lags again",
    "form:update-public": "/incident update public",
    "form:update": "/incident update half of the workers are back",
}


def _once(tx: Tx, key: str, work: Callable[[Tx], Reply], *, told: bool = True) -> Reply:
    """Do it, or answer as the first delivery of the same thing was answered. `told`: somebody waits for the answer."""
    tx.promised = told
    before = inbox.answer_to(tx, key)
    if before is not None:
        return _reply(before)
    reply = work(tx)
    inbox.remember(tx, key, _kept(reply))
    return reply


def _kept(reply: Reply) -> Json:
    said = replies.told_once() if reply.secret else reply.message
    message = {"text": said.text, "blocks": said.blocks} if said else None
    return {"message": message, "view": reply.view}


def _reply(kept: Json) -> Reply:
    return Reply(message=Message(**kept["message"]) if kept["message"] else None, view=kept["view"])


def _readable(message: Message) -> list[Block]:
    """What a message says, without its buttons: from within a form they would lead nowhere."""
    shown = [block for block in message.blocks if block["type"] in _TO_READ and "accessory" not in block]
    return shown or [section(message.text)]


def _handled(_: None) -> Reply:
    return Reply()


async def _nothing(ack: AsyncAck) -> None:
    await ack()


async def _no_options(ack: AsyncAck) -> None:
    await ack(options=[])


async def _event_failed(error: Exception, body: Json) -> BoltResponse:
    """Only events come here: no ack, so that Slack delivers them again."""
    _log.error("event failed", error=repr(error), kind=(body.get("event") or {}).get("type"))
    return BoltResponse(status=500, body="")
