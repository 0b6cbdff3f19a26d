"""A picture on its way to a channel: drawn, uploaded, and only then shown. Only the last of these can be seen.

So whatever fails before it has done nothing, and is simply tried again; an uncertain end is looked for first.
"""

import asyncio
import sys

from bot.engine.effectors.base import Call
from bot.slack import NotSent, Ok, Outcome, SlackGateway, Uncertain


async def upload(gateway: SlackGateway, call: Call, seconds: float) -> Outcome:
    """Draw `svg` and share it in `channel` under `filename`; what came of it. All but the sharing within `seconds`."""
    about = call.arguments
    try:
        async with asyncio.timeout(seconds):
            sent = await _send(gateway, await drawn(about["svg"]), about["filename"], about["alt"])
    except TimeoutError:
        return NotSent(f"drawing and uploading took more than {seconds:.0f} s")
    if not isinstance(sent, Ok):
        # Uploaded or not: nobody sees it.
        return NotSent(sent.why) if isinstance(sent, Uncertain) else sent
    shared = {"files": [{"id": sent.data["file_id"], "title": about["title"]}], "channel_id": about["channel"]}
    return await gateway.call("files.completeUploadExternal", {**shared, "initial_comment": about["comment"]})


async def _send(gateway: SlackGateway, body: bytes, filename: str, alt: str) -> Outcome:
    place = await gateway.call(
        "files.getUploadURLExternal", {"filename": filename, "length": len(body), "alt_txt": alt[:1000]}
    )
    if not isinstance(place, Ok):
        return place
    sent = await gateway.upload(str(place.data["upload_url"]), body)
    return Ok({"file_id": place.data["file_id"]}) if isinstance(sent, Ok) else sent


async def drawn(svg: str) -> bytes:
    """The PNG of an SVG, by `bot.raster` in a process of its own. Raises RuntimeError when that fails."""
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.raster", stdin=pipe, stdout=pipe, stderr=null
    )
    try:
        made, _ = await child.communicate(svg.encode())
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not made:
        raise RuntimeError(f"the chart was not drawn: bot.raster ended with {child.returncode}")
    return made
