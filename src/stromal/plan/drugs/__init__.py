"""What the labels say to one patient: doses, other medicines."""
