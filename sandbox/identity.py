"""Who the workspace and the app are."""

from typing import Any, Final

Json = dict[str, Any]
"""A JSON object. Slack's shapes are wide and open, so they stay dictionaries."""

TEAM_ID: Final = "T0SANDBOX1"
TEAM_NAME: Final = "Sandbox"
TEAM_DOMAIN: Final = "sandbox"
EMAIL_DOMAIN: Final = "sandbox.example"
PARTNER_TEAM_ID: Final = "T0PARTNER1"
BOT_USER: Final = "U0WATCHBIL"
BOT_ID: Final = "B0WATCHBIL"
APP_ID: Final = "A0WATCHBIL"
BOT_NAME: Final = "watchbill"
SLACKBOT: Final = "USLACKBOT"
BOT_TOKEN: Final = "xoxb-sandbox"  # noqa: S105 - opens nothing but this sandbox
APP_TOKEN: Final = "xapp-sandbox"  # noqa: S105 - opens nothing but this sandbox
SIGNING_SECRET: Final = "sandbox-signing-secret"  # noqa: S105 - signs nothing but this sandbox's requests
