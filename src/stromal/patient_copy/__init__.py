"""The patient's copy of the plan: the same facts and rows in plain words, in any language."""
