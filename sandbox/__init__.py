"""A Slack-compatible workspace on this machine. See docs/sandbox.md."""
