"""The response to treatment: the scans of a record by every criterion."""
