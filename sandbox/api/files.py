"""files.*: the two methods of an upload; its bytes go to an address of their own."""

from sandbox.api.call import Call, Function
from sandbox.errors import SlackError, invalid_arguments
from sandbox.file import File
from sandbox.files import BIGGEST
from sandbox.identity import BOT_USER, Json

ALT_LIMIT = 1000


def get_upload_url(call: Call) -> Json:
    """Where the bytes of a file go."""
    length = call.number("length", 0)
    if length < 1:
        raise SlackError("missing_argument")
    if length > BIGGEST:
        raise SlackError("file_upload_size_restricted")
    if len(call.text("alt_txt")) > ALT_LIMIT:
        raise SlackError("alt_txt_too_large")
    file_id, url = call.world.files.ask(call.text("filename"), length, call.text("alt_txt"))
    return {"file_id": file_id, "upload_url": url}


def complete_upload(call: Call) -> Json:
    """Share what was uploaded, once. Without a channel it stays with the app."""
    wanted = call.json("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise invalid_arguments("must be a list of files [json-pointer:/files]")
    found = [_titled(call, one) for one in wanted]
    if call.text("channel_id"):
        channel = call.workspace.channels.get(call.text("channel_id"))
        if channel is None or not call.visible(channel):
            raise SlackError("channel_not_found")
        if channel.is_archived:
            raise SlackError("posting_to_channel_denied")
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        call.world.files.share(channel, found, call.text("initial_comment"), call.text("thread_ts") or None)
    return {"files": [{"id": one.id, "title": one.title, "created": one.created, "user": BOT_USER} for one in found]}


def _titled(call: Call, wanted: Json) -> File:
    file = call.world.files.uploaded(str(wanted.get("id")))
    file.title = str(wanted.get("title") or file.name)
    return file


FUNCTIONS: dict[str, Function] = {
    "files.completeUploadExternal": complete_upload,
    "files.getUploadURLExternal": get_upload_url,
}
