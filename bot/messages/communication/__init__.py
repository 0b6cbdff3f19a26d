"""What is said of impact, progress, updates, asks, vendors; and the digest."""
