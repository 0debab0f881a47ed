"""What is watched under treatment: blood, side effects, taking, what the patient reports."""
