"""Use cases of telling: updates, impact, progress, asks, vendors, digests."""
