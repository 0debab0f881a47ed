"""When to look again: the schedules that fit a patient, as dates."""
