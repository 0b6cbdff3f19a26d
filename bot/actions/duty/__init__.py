"""Use cases of the duty roster."""
