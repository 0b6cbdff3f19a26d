"""What a sandbox reaches: this machine. It is started in somebody's environment, keys of the real bot and all, and what
happens in it is invented: it reaches nobody elsewhere."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from pydantic import SecretStr

from bot.settings import Settings
from bot.settings_push import redacted, targets_of
from bot.settings_tables import on_loopback

# Where a client of S3 is told of its store, in its environment.
_ENDPOINTS = {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"}
# Apprise URLs that reach the host they name only. Mail is passed on; `ntfy://localhost` is a topic at ntfy itself.
_PLAIN = {"json", "jsons", "xml", "xmls", "form", "forms"}
# Those of Litestream in which a host is a host, and no bucket.
_HOSTS = {"sftp", "nats"}


def kept_here(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """These settings, in a sandbox with all blank that leaves this machine; `left_out` says what that was.

    `environ`: the environment, which says where the object stores are.
    """
    if not settings.in_sandbox:
        return settings
    for kept in (_heartbeat, _replica, _statuspage, _push):
        settings = kept(settings)
    return _bucket(settings, environ)


def _heartbeat(settings: Settings) -> Settings:
    url = settings.heartbeat_url.get_secret_value()
    if not url or on_loopback(url):
        return settings
    why = _why("WATCHBILL_HEARTBEAT_URL", "it is not asked", "name an address on this machine")
    return settings.but({"heartbeat_url": SecretStr("")}, why)


def _replica(settings: Settings) -> Settings:
    url = settings.backups.litestream_url
    scheme, query = url.partition("://")[0], url.partition("?")[2]
    # Of the environment Litestream makes what it likes; what its URL says, it does.
    stores = parse_qs(query).get("endpoint", []) if scheme == "s3" else []
    hosts = [*stores, *([url] if scheme in _HOSTS else [])]
    if not url or scheme == "file" or (hosts and all(map(on_loopback, hosts))):
        return settings
    why = _why("backups.litestream_url", f"there is no replica at {scheme}://…", "name a folder, `file:///…`")
    return settings.but({"backups": settings.backups.model_copy(update={"litestream_url": ""})}, why)


def _statuspage(settings: Settings) -> Settings:
    page, url = settings.status.statuspage_page, settings.status.statuspage_url
    if not page or on_loopback(url):
        return settings
    why = _why("status.statuspage_page", f"{page} is told nothing", "set status.statuspage_url to an address here")
    changed = {"statuspage_page": "", "statuspage_components": {}}
    return settings.but({"status": settings.status.model_copy(update=changed)}, why)


def _push(settings: Settings) -> Settings:
    targets = targets_of(settings)
    here = [url for url in targets.values() if url.partition("://")[0].lower() in _PLAIN and on_loopback(url)]
    gone = ", ".join(redacted(hash_, url) for hash_, url in targets.items() if url not in here)
    if not gone:
        return settings
    why = _why("WATCHBILL_STATUS_PUSH", f"nothing goes to {gone}", "use `json://` and an address on this machine")
    return settings.but({"status_push": SecretStr(" ".join(here))}, why)


def _bucket(settings: Settings, environ: Mapping[str, str]) -> Settings:
    url = settings.status.bucket
    endpoints = [where for name, where in environ.items() if name.upper() in _ENDPOINTS]
    if not url or (url.startswith("s3://") and endpoints and all(map(on_loopback, endpoints))):
        return settings
    why = _why("status.bucket", f"the page is not brought to {url}", "name a store on this machine by AWS_ENDPOINT_URL")
    return settings.but({"status": settings.status.model_copy(update={"bucket": ""})}, why)


def _why(setting: str, what: str, remedy: str) -> str:
    return f"{setting}: Slack is a sandbox, so {what}: {remedy}, or take the setting out."
