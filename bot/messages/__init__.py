"""Domain values to Slack text and Block Kit, pure. Every limit of Slack's is kept here: it rejects, it never trims."""
