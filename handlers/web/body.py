"""The body of a request, as far as it may be read."""

from fastapi import Request
from starlette.requests import ClientDisconnect


async def body_of(request: Request, biggest: int) -> bytes | None:
    """The body; None when it is longer than `biggest` bytes: no more of it is read then. Empty when they hung up."""
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > biggest:
        return None
    got = bytearray()
    try:
        async for chunk in request.stream():
            got += chunk
            if len(got) > biggest:
                return None
    except ClientDisconnect:
        return b""
    return bytes(got)
