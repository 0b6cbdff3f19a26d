"""What comes in about updates, impact, progress, asks, vendors and digests."""
