"""Files: asked for, uploaded, shared in a conversation. Slack's three steps."""

import base64
import secrets

from sandbox.channel import Channel
from sandbox.errors import SlackError
from sandbox.file import File
from sandbox.identity import BOT_ID, BOT_USER, Json
from sandbox.message import Message
from sandbox.posting import add
from sandbox.workspace import Workspace

BIGGEST = 4 * 1024 * 1024
"""Bytes: more than any picture of the bot; Slack takes a gigabyte."""


class Files:
    """All files of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.base_url = ""

    def ask(self, name: str, size: int, alt_txt: str) -> tuple[str, str]:
        """Begin an upload: the id of the file to be, and where its bytes go."""
        made = File(
            self._workspace.next_id("F0"), name, size, alt_txt, self._workspace.today(), secrets.token_urlsafe(12)
        )
        self._workspace.files[made.id] = made
        return made.id, f"{self.base_url}/upload/v1/{made.ticket}"

    def put(self, ticket: str, body: bytes) -> None:
        """Its bytes; Slack's error when nobody asked, or for another length."""
        found = next((one for one in self._workspace.files.values() if one.ticket == ticket), None)
        if found is None or found.shared:
            raise SlackError("file_not_found")
        if len(body) != found.size:
            raise SlackError("invalid_length")
        found.content = base64.b64encode(body).decode()

    def uploaded(self, file_id: str) -> File:
        """One whose bytes are there, and that was not shared yet: an upload is completed once."""
        found = self._workspace.files.get(file_id)
        if found is None or not found.content or found.shared:
            raise SlackError("file_not_found")
        return found

    def share(self, channel: Channel, shared: list[File], text: str, thread_ts: str | None) -> Message:
        """Show them in one message of the bot's."""
        for file in shared:
            file.shared = True
        message = Message(channel.id, self._workspace.next_ts(), BOT_USER, text, bot_id=BOT_ID, thread_ts=thread_ts)
        message.extra = {"files": [self.shown(file, channel) for file in shared], "upload": True}
        return add(self._workspace, channel, message)

    def shown(self, file: File, channel: Channel) -> Json:
        """Slack's file object. Its address has no host: the browser client asks the server that it came from."""
        address = f"/files/{file.id}/{file.name}"
        return {
            "id": file.id,
            "created": file.created,
            "timestamp": file.created,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": file.mimetype,
            "filetype": "png" if file.mimetype == "image/png" else "binary",
            "user": BOT_USER,
            "size": file.size,
            "mode": "hosted",
            "is_external": False,
            "is_public": not channel.is_private,
            "url_private": f"{self.base_url}{address}",
            "url_private_download": f"{self.base_url}{address}",
            "permalink": f"{self.base_url}{address}",
            "alt_txt": file.alt_txt,
        }
