"""Decisions about gastrointestinal stromal tumours (GIST), with reasons.

The path of the data: dated facts, facts as of a day, decisions by tables, a plan. See
`docs/design.md`. For health professionals; see `docs/intended-use.md`.
"""

__version__ = "0.1.0"
