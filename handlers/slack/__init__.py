"""What comes in from Slack: one entrance, and one table each for commands, buttons, forms and events."""
