"""Use cases: one function each, inside one transaction. None of them sees Slack."""
