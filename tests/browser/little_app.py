"""A stand-in for the bot that needs no event loop: it acknowledges all, and opens a form for each shortcut."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.identity import APP_TOKEN, BOT_TOKEN

Json = dict[str, Any]


class LittleApp:
    """Connected from `with` to its end; `api` is the Web API as the bot, `heard` the interactions so far."""

    def __init__(self, url: str) -> None:
        self.api = WebClient(BOT_TOKEN, f"{url}/api/")
        self.heard: list[Json] = []
        self._client = SocketModeClient(APP_TOKEN, web_client=self.api, auto_reconnect_enabled=False)
        self._client.socket_mode_request_listeners.append(self._listen)

    def __enter__(self) -> "LittleApp":
        self._client.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _listen(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        payload = request.payload
        if payload.get("type") in ("shortcut", "message_action"):
            self.heard.append(payload)
            words = payload.get("message", {}).get("text", "Nothing yet")
            self.api.views_open(trigger_id=payload["trigger_id"], view=_form(payload["callback_id"], words))
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id))


def _form(title: str, words: str) -> Json:
    section = {"type": "section", "text": {"type": "plain_text", "text": words}}
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": [section]}
