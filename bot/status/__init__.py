"""The public status page: a snapshot of what customers may know, drawn as a set of static files, and put on disk."""
