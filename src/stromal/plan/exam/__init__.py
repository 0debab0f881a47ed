"""The public exam and its teaching questions: worked patients held against the rules."""
