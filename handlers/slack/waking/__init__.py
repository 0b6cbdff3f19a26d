"""What comes in about pages and one's own settings."""
