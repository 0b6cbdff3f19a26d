"""The channels that the settings name: their ids, and the bot in them."""

from bot import log
from bot.engine.looking import channel_info
from bot.settings import Settings
from bot.slack import Ok, SlackGateway
from storage import people
from storage.store import Store

_log = log.get("channels")


async def learn_channels(store: Store, gateway: SlackGateway, settings: Settings) -> None:
    """Keep their ids, and be a member, so that their history can be read when it must be."""
    channels = settings.channels
    wanted = {channels.announcements, channels.digest} | ({channels.operations} if channels.operations else set())
    for name in {channel.lstrip("#") for channel in wanted}:
        found = await channel_info(gateway, name)
        if not isinstance(found, Ok):
            _log.warning("channel not found", channel=name, outcome=found)
            continue
        channel = found.data["channel"]["id"]
        await store.run(people.save_channel, name, channel)
        if not found.data["channel"].get("is_member"):
            await gateway.call("conversations.join", {"channel": channel})
