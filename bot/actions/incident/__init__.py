"""Use cases about one incident: declared, changed, noted, ended."""
