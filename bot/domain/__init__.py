"""Values and decisions, pure: nothing here reads a clock, a file or a socket."""
