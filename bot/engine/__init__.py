"""Background work: the timetable, the tick, and the relay that carries effects to Slack."""
