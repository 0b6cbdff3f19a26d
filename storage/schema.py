"""The whole schema: whoever takes `metadata` from here has every table in it, whichever file it is written in."""

from storage import command_tables, communication_tables, tables, waking_tables
from storage.columns import metadata

__all__ = ["command_tables", "communication_tables", "metadata", "tables", "waking_tables"]
