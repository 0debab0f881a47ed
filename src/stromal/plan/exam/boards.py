"""What the exam asks of board decisions: what they name, where they differ, what re-opens them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stromal.plan.boards import BoardDecision, board_decisions
from stromal.plan.exam.sitting import Sitting
from stromal.plan.make import make_plan

Found = Iterator[tuple[str, str, str, bool]]
NONE = "none"
PARTS = ("options", "differs", "carried_out", "reopened")


def boards_of(sitting: Sitting) -> tuple[BoardDecision, ...]:
    """Every decision known on the day of the sitting, by the rules of the sitting."""
    now = make_plan(sitting.library, sitting.record, sitting.day, rules=sitting.tables)
    return board_decisions(sitting.library, sitting.record, now, sitting.day)


def check_boards(boards: Sequence[BoardDecision], wanted: Mapping[str, object]) -> Found:
    """By the id of the event: options, differs, carried_out, reopened."""
    known = {board.event: board for board in boards}
    for event, parts in wanted.items():
        label = f"boards, {event}"
        if event not in known:
            yield label, "a decision", ", ".join(known) or NONE, False
        elif not isinstance(parts, Mapping):
            yield label, str(parts), "not a list of 'part: answer'", False
        else:
            for part, answer in parts.items():
                yield _part(known[event], f"{label}, {part}", str(part), answer)


def _part(
    board: BoardDecision, label: str, part: str, wanted: object
) -> tuple[str, str, str, bool]:
    """'yes' or 'no', or exactly the names given ('none' for none)."""
    said = {
        "options": [option.rpartition(" (")[0] for option in board.options],
        "differs": list(board.differs),
        "carried_out": list(board.carried_out),
        "reopened": list(board.events),
    }.get(part)
    if said is None:
        return (
            label,
            str(wanted),
            "no such part; write options, differs, carried_out, reopened",
            False,
        )
    found = "; ".join(dict.fromkeys(said)) or NONE
    if wanted in ("yes", "no"):
        return label, str(wanted), found, (wanted == "yes") == bool(said)
    names = [str(name) for name in wanted] if isinstance(wanted, list) else [str(wanted)]
    expected = set(names) - {NONE}
    return label, ", ".join(names), found, expected == set(said)
