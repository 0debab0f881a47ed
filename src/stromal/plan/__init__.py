"""Decide all, assemble, explain, compare: from facts to what a clinician reads."""
