"""What comes in about one incident."""
