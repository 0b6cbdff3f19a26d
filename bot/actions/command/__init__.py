"""Use cases of command: who has it, who is next, what is asked and handed over."""
