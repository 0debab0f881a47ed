"""What must be looked at, how and when; whether the drug works and is tolerated."""
