"""Which object store the page may go to: what is invented in a sandbox must not reach customers."""

import os

from bot.settings import Settings
from bot.settings_tables import on_loopback

# Where a client of S3 is told of its store, in its environment.
_ENDPOINTS = {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"}


def bucket_of(settings: Settings) -> tuple[str, str]:
    """Which bucket the page is brought to, and why it is not the one that the settings name; each may be empty.

    A sandbox has the environment of whoever starts it, keys and all, and its outages are invented: it reaches no store
    but one on this machine.
    """
    url = settings.status.bucket
    if not url or not settings.in_sandbox:
        return url, ""
    endpoints = [where for name, where in os.environ.items() if name.upper() in _ENDPOINTS]
    if url.startswith("s3://") and endpoints and all(map(on_loopback, endpoints)):
        return url, ""
    remedy = "name a store on this machine by AWS_ENDPOINT_URL, or take the setting out (docs/status.md)."
    return "", f"status.bucket: Slack is a sandbox, so the page is not brought to {url}: {remedy}"
