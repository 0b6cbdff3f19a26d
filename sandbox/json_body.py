"""The JSON object in a request's body."""

import json

from aiohttp import web

from sandbox.errors import SlackError
from sandbox.identity import Json


async def json_body(request: web.Request) -> Json:
    """The object; an empty one for an empty body. Raises SlackError for anything else."""
    text = await request.text()
    try:
        body = json.loads(text) if text.strip() else {}
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body
