"""The Web API: one file a family of methods, each with a table from name to function."""
