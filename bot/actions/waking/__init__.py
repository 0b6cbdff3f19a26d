"""Use cases of waking people, and of outliving Slack and the host."""
