"""Somebody who types, clicks and fills in forms."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.harness.answer import Answer
from tests.harness.doors import Json
from tests.harness.form import Form
from tests.harness.message import Message
from tests.harness.scene import Scene

if TYPE_CHECKING:
    from tests.harness.place import Place
    from tests.harness.workspace import Workspace


class Person:
    """One person of the workspace. Every act waits until the bot has done all that it will do about it."""

    def __init__(self, workspace: "Workspace", handle: str) -> None:
        self._workspace, self.handle = workspace, handle
        self.here = "#general"
        """Where this person was last."""
        self._filled: dict[str, Any] = {}

    @property
    def id(self) -> str:
        """As Slack knows them."""
        return ("U0" + self.handle.upper()).ljust(10, "0")

    @property
    def scene(self) -> Scene:
        """All that they see now."""
        return self._workspace.scene(self.handle)

    def types(self, text: str, in_: "str | Place" = "", *, settle: bool = True) -> Answer:
        """Type a command or a message; the answer is what only this person sees."""
        channel = self._go(in_)
        done = self._workspace.doors.act(self.handle, "say", channel=channel, text=text)
        if settle:
            self._workspace.settle()
        if not done["ok"]:
            return Answer(error=done["error"])
        if not text.startswith("/"):
            return Answer()
        reply = done.get("reply")
        if reply is None:
            return Answer()
        return self._answer(Message(reply, self._workspace.channel_id(channel), self._workspace.name_of))

    def replies(self, text: str, to: Message) -> None:
        """Say something in a thread."""
        self._act("say", channel=to.channel, text=text, thread_ts=to.ts)

    def clicks(self, label: str, in_: "str | Place" = "", *, settle: bool = True) -> Answer:
        """Press the button of this label in the newest message that has one; `in_` may be `"home"` or `"form"`."""
        before = self.scene
        if in_ in ("home", "form"):
            done = self._click_view(before, label, str(in_))
        else:
            channel = self._workspace.channel_id(self._go(in_))
            message = before.newest_with_button(channel, label)
            assert message, f"{self.handle} sees no button {label!r} in {self.here}"
            done = self._press(message, label)
        return self._after_click(before, done, settle)

    def presses(self, label: str, on: Message, *, settle: bool = True) -> Answer:
        """Press a button of a message that was seen earlier: it may have changed since."""
        before = self.scene
        return self._after_click(before, self._press(on, label), settle)

    def uses_shortcut(self, callback_id: str, *, settle: bool = True) -> Answer:
        """Use a global shortcut. As with `clicks`: the answer is what only this person sees; a form is `form`."""
        before = self.scene
        done = self._workspace.doors.act(self.handle, "shortcut", callback_id=callback_id)
        return self._after_click(before, done, settle)

    def uses_message_shortcut(self, callback_id: str, on: Message, *, settle: bool = True) -> Answer:
        """Use a shortcut in the menu of a message; the answer is as of `uses_shortcut`."""
        before, where = self.scene, {"channel": on.channel, "ts": on.ts}
        done = self._workspace.doors.act(self.handle, "message_shortcut", callback_id=callback_id, **where)
        return self._after_click(before, done, settle)

    def answers(self) -> list[str]:
        """All that only this person was told and no step has seen yet: for acts that did not settle."""
        known = self._workspace.ledger
        new = [message for message in self.scene.ephemerals.values() if not known.knows(message, self.handle)]
        return [self._answer(message).text for message in new]

    def _press(self, message: Message, label: str) -> Json:
        found = message.button(label)
        assert found, f"{message} has no button {label!r}"
        block, element = found
        where = {"channel": message.channel, "ts": message.ts, "block_id": block.get("block_id")}
        return self._workspace.doors.act(self.handle, "click", action_id=element["action_id"], **where)

    def _click_view(self, scene: Scene, label: str, where: str) -> Json:
        view = scene.home if where == "home" else next(reversed(scene.stack), None)
        assert view, f"{self.handle} has no {where} yet"
        message = Message({"ts": "0.0", "blocks": view["blocks"]}, "", self._workspace.name_of)
        found = message.button(label)
        assert found, f"{self.handle} sees no button {label!r} in the {where}"
        block, element = found
        return self._workspace.doors.act(
            self.handle, "click", view_id=view["id"], action_id=element["action_id"], block_id=block.get("block_id")
        )

    def _after_click(self, before: Scene, done: Json, settle: bool) -> Answer:
        if not done["ok"]:
            return Answer(error=done["error"])
        if not settle:
            return Answer()
        self._workspace.settle()
        new = [message for ts, message in self.scene.ephemerals.items() if ts not in before.ephemerals]
        assert len(new) <= 1, f"several answers to one click: {new}"
        return self._answer(new[0]) if new else Answer()

    def _answer(self, message: Message) -> Answer:
        self._workspace.ledger.consume(message, self.handle)
        return Answer(message, again=lambda known: self.scene.ephemerals.get(known.ts))

    @property
    def form(self) -> Form | None:
        """The form on top."""
        stack = self.scene.stack
        return Form(stack[-1]) if stack else None

    def sees_form(self, title: str) -> Form:
        """Assert that a form with this title is open."""
        form = self.form
        assert form, f"{self.handle} sees no form"
        assert title in form.title, f"{self.handle} sees the form {form.title!r}"
        return form

    def fills(self, answers: Mapping[str, Any]) -> "Person":
        """Fill in the form on top, by label; it is not sent yet."""
        self._filled |= answers
        return self

    def submits(self, answers: Mapping[str, Any] | None = None, *, settle: bool = True) -> Answer:
        """Send the form on top. `errors` of the answer says what was refused; its text is that of the next form."""
        form = self.form
        assert form, f"{self.handle} sees no form to send"
        given, self._filled = {**self._filled, **(answers or {})}, {}
        done = self._workspace.doors.act(self.handle, "submit", view_id=form.id, values=form.values(given))
        if not settle:
            return Answer()
        self._workspace.settle()
        if not done["ok"]:
            return Answer(error=done["error"])
        if done.get("errors"):
            return Answer(errors=form.by_label(done["errors"]))
        after = self.form
        if after is None:
            return Answer()
        body = {"ts": "0.0", "text": after.title, "blocks": after.view["blocks"]}
        return Answer(Message(body, "", self._workspace.name_of))

    def closes_form(self) -> None:
        """Press Cancel, or the x of a form that only shows something."""
        form = self.form
        assert form, f"{self.handle} sees no form to close"
        self._act("close", view_id=form.id)

    def opens_home(self) -> str:
        """Look at the App Home: what it says."""
        self._act("open_home")
        home = self.scene.home
        return Message({"ts": "0.0", "blocks": home["blocks"]}, "", self._workspace.name_of).text if home else ""

    def declares(self, words: str, in_: "str | Place" = "") -> "Place":
        """Declare by one line, expect what everybody gets, and go to the new channel."""
        known = self._workspace.incident_channels()
        self.types(f"/incident declare {words}", in_).says("Declaring")
        new = [name for name in self._workspace.incident_channels() if name not in known]
        assert len(new) == 1, f"one declaration made the channels {new}"
        place = self._workspace.channel(new[0])
        card = place.card()
        if not place.is_private:
            self._workspace.channel("#incidents").expects(card.text.split("INC-")[1].split(" ")[0], "Join")
        self.here = new[0]
        return place

    def joins(self, channel: "str | Place") -> None:
        """Join a public channel."""
        self._act("join", channel=self._go(channel))

    def leaves(self, channel: "str | Place") -> None:
        """Leave a channel."""
        self._act("leave", channel=self._named(channel))

    def archives(self, channel: "str | Place") -> None:
        """Archive a channel; only its creator and mona may."""
        self._act("archive", channel=self._named(channel))

    def unarchives(self, channel: "str | Place") -> None:
        """Bring a channel back."""
        self._act("unarchive", channel=self._named(channel))

    def deletes(self, channel: "str | Place") -> None:
        """Delete a channel; only mona may."""
        self._act("delete_channel", channel=self._named(channel))

    def renames(self, channel: "str | Place", name: str) -> None:
        """Rename a channel."""
        self._act("rename", channel=self._named(channel), name=name.removeprefix("#"))

    def creates_channel(self, name: str, *, private: bool = False) -> None:
        """Make a channel."""
        self._act("create_channel", name=name.removeprefix("#"), private=private)

    def invites(self, handle: str, to: "str | Place") -> None:
        """Bring somebody, or `watchbill`, into a channel."""
        self._act("invite", channel=self._named(to), user=handle)

    def kicks(self, handle: str, out_of: "str | Place") -> None:
        """Put somebody, or `watchbill`, out of a channel."""
        self._act("kick", channel=self._named(out_of), user=handle)

    def reacts(self, name: str, to: Message, *, settle: bool = True) -> Answer:
        """Add a reaction, such as `pushpin`; the answer is what only this person is told of it."""
        return self._reaction("react", name, to, settle)

    def unreacts(self, name: str, to: Message, *, settle: bool = True) -> Answer:
        """Take a reaction back; the answer is as of `reacts`."""
        return self._reaction("unreact", name, to, settle)

    def _reaction(self, act: str, name: str, to: Message, settle: bool) -> Answer:
        before = self.scene
        done = self._workspace.doors.act(self.handle, act, channel=to.channel, ts=to.ts, name=name)
        assert done["ok"], f"{self.handle} can't {act} with {name}: {done['error']} ({done.get('hint')})"
        return self._after_click(before, done, settle)

    def unread(self, in_: "str | Place") -> tuple[int, int]:
        """How many messages this person has not read there, and how many of these call them: the badge."""
        shown = self.scene.channels[self._workspace.channel_id(self._named(in_))]
        return shown["unread"], shown["mentions"]

    def reads(self, in_: "str | Place") -> None:
        """Look at a channel: its marks go."""
        self._act("read", channel=self._named(in_))

    def sets_topic(self, channel: "str | Place", text: str) -> None:
        """Change a topic."""
        self._act("topic", channel=self._named(channel), text=text)

    def unpins(self, message: Message) -> None:
        """Take a pin away."""
        self._act("unpin", channel=message.channel, ts=message.ts)

    def _act(self, act: str, **arguments: Any) -> Json:
        done = self._workspace.doors.act(self.handle, act, **arguments)
        assert done["ok"], f"{self.handle} can't {act} {arguments}: {done['error']} ({done.get('hint')})"
        self._workspace.settle()
        return done

    def _named(self, channel: "str | Place") -> str:
        return channel if isinstance(channel, str) else channel.id

    def _go(self, channel: "str | Place") -> str:
        self.here = self._named(channel) or self.here
        if self.here == "@watchbill":
            self.here = str(self._workspace.doors.act(self.handle, "open_dm", user="watchbill")["channel"])
        return self.here
