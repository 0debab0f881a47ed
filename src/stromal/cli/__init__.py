"""The terminal: one module for each command, imported only when it is run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from stromal.cli.arguments import UnreadableError, UsageError, parser

USAGE = 2
FAULT = 70
INTERRUPTED = 130
BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code; never raises and never shows a trace unasked."""
    words = list(sys.argv[1:] if argv is None else argv)
    _open_streams()
    try:
        return _run(parser().parse_args(words))
    except UsageError as error:
        return _say_usage(error, "--json" in words)
    except SystemExit as end:  # --help and --version
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return _leave_quietly(BROKEN_PIPE)
    except OSError as error:
        print(f"stromal: {error}; check disk space and permissions", file=sys.stderr)
        return _leave_quietly(1)
    except Exception as fault:  # noqa: BLE001 -- the last stop: a message instead of a trace
        return _say_fault(fault, words)


def _run(args: argparse.Namespace) -> int:
    try:
        code: int = import_module(args.module).run(args)
    except UnreadableError as error:
        code = _say_unreadable(args, error)
    sys.stdout.flush()
    return code


def _say_unreadable(args: argparse.Namespace, error: UnreadableError) -> int:
    """A page about a patient of whom nothing was read would mislead: the problem alone."""
    from stromal.cli.speak import fail

    return fail(args, error.problem)


def _say_usage(error: UsageError, as_json: bool) -> int:
    remedy = "see 'stromal --help'"
    if as_json:
        import json

        problem = {"place": "command line", "what": str(error), "remedy": remedy}
        print(json.dumps({"problems": [problem]}, ensure_ascii=False, indent=2))
    else:
        print(f"{error.usage}stromal: {error}; {remedy}", file=sys.stderr)
    return USAGE


def _open_streams() -> None:
    """Give a program that was started with a closed stream an empty one instead."""
    import os

    if sys.stdin is None:  # type: ignore[unreachable,unused-ignore]
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _leave_quietly(code: int) -> int:
    """The output cannot be written; let the interpreter not try again, and fail, at its end."""
    import contextlib
    import io
    import os

    with contextlib.suppress(io.UnsupportedOperation, OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _say_fault(fault: Exception, words: list[str]) -> int:
    import traceback

    print(
        f"stromal: a fault of Stromal itself ({type(fault).__name__}: {fault}).\n"
        "Nothing was changed. Please report it with the command and, without the patient's name,\n"
        "the input; '--debug' shows where it happened.",
        file=sys.stderr,
    )
    if "--debug" in words:
        traceback.print_exception(fault)
    return FAULT
