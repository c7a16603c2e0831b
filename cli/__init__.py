"""The command line: ``banjia compare``, ``import``, ``offers``, ``prices``, ``check``.

What a command needs is imported when it runs: starting is most of the time that a short answer takes.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from io import TextIOWrapper
from pathlib import Path

STANCES = ("cautious", "expected", "generous")
SCHEMAS = (
    "offers",
    "event",
    "provider",
    "profile",
    "exchange-rates",
    "tokenizers",
    "effort",
    "usage-format",
    "usage-aliases",
)
FORMATS = ("table", "json", "csv", "markdown", "html", "pdf", "xlsx", "focus")


def run() -> None:
    """The command ``banjia``: a process of its own, which ends without clearing up after itself.

    Looking for garbage would take a tenth of a short answer's time, freeing everything at the end another twentieth.
    """
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # so does looking for plugins
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no linear algebra here: threads would only spin
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0: an answer, 1: no answer (told on stderr why), 2: wrong usage, 130: interrupted."""
    _speak_utf_8()
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return _run(_parser(arguments).parse_args(arguments))
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    from pricing import InputError

    from . import commands

    try:
        getattr(commands, options.command)(options)
        sys.stdout.flush()
    except InputError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 1
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more can be said there
        if not isinstance(error, BrokenPipeError):  # of which the reader (head, less) has seen enough
            print(f"{error.filename or 'The answer cannot be written'}: {error.strerror or error}", file=sys.stderr)
            return 1
    return 0


def _speak_utf_8() -> None:
    """Whatever the locale: half of all names are Chinese, and what is no character shall not end in an error."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started this; a file may be wanted nevertheless
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  # as long as the process
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                encoding="utf-8", errors="surrogateescape" if stream is sys.stdin else "backslashreplace"
            )


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of these ``arguments``: it knows all commands, and the options of those that are named."""
    parser = argparse.ArgumentParser(prog="banjia", description="What it really costs to move to another LLM provider.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, (told, declare) in COMMANDS.items():
        command = commands.add_parser(name, help=told)
        command.set_defaults(command=name)
        if name in arguments:
            declare(command)
    return parser


def _compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("profile", metavar="PROFILE", help="a profile (YAML); - reads it from standard input")
    parser.add_argument("--event", metavar="E", help="the event, in place of the profile's")
    parser.add_argument("--as-of", metavar="D", type=_day, help="the day of the decision")
    parser.add_argument("--months", metavar="N", type=_months, help="months to look at")
    parser.add_argument("--stance", choices=STANCES, help="what to assume for terms nobody published")
    parser.add_argument("--currency", metavar="C", help="currency of the answer")
    _folders(parser)
    _language(parser)
    parser.add_argument("--format", choices=FORMATS, default="table", help="table, or what the app offers for download")
    parser.add_argument("--evidence", action="store_true", help="with json: the sources of every figure")
    _output(parser)


def _import(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command="import_usage")  # as no function can be called import
    parser.add_argument("files", metavar="FILE", nargs="+",
                        help="exports (CSV, JSON, Parquet, SQLite, also gzipped); may hold *")  # fmt: skip
    parser.add_argument("--as", metavar="FORMAT", dest="preset",
                        help="the format, or a YAML file that describes it; by default the columns tell")  # fmt: skip
    parser.add_argument("--at", metavar="ADDRESS",
                        help="sum up there, FILE is a table: clickhouse://…, trino://… (needs Ibis)")  # fmt: skip
    parser.add_argument("--by", choices=("model", "project"), default="model", help="one workload for each")
    parser.add_argument("--last", metavar="N", type=_months, default=3, help="full months to average (default: 3)")
    parser.add_argument("--zone", metavar="Z", default="Asia/Shanghai", help="time zone of days and months")
    parser.add_argument("--rename", metavar="NAME=MODEL", type=_pair, action="append", default=[],
                        help="the model to take for a name in the export")  # fmt: skip
    parser.add_argument("--event", metavar="E", help="the event; by default the one that fits the days of the usage")
    _folders(parser)
    _language(parser)
    parser.add_argument("--format", choices=("yaml", "json"), default="yaml", help="the profile, or all that was found")
    _output(parser)


def _offers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--event", metavar="E", help="the event; by default the newest that cuts somebody off")
    parser.add_argument("--as-of", metavar="D", type=_day, help="the day to look at; by default the event's")
    _format(parser)
    _folders(parser)
    _language(parser)


def _prices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("provider", metavar="PROVIDER", nargs="?", help="only this provider")
    parser.add_argument("--as-of", metavar="D", type=_day, help="the day to look at; by default today")
    _format(parser)
    parser.add_argument("--prices", metavar="DIR", type=Path, help="use this folder of prices")
    _language(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", metavar="DIR", nargs="*", type=Path,
                        help="folders laid out like offers/data or pricing/data; by default those")  # fmt: skip
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--stats", action="store_true", help="also count what there is, and how much is unknown")


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", choices=SCHEMAS, help=f"{', '.join(SCHEMAS[:-1])} or {SCHEMAS[-1]}")


COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "compare": ("rank the providers for a profile", _compare),
    "import": ("a profile from exports of your usage", _import),
    "offers": ("the offers side by side", _offers),
    "prices": ("list prices on a day", _prices),
    "check": ("validate data; file:line for every error", _check),
    "schema": ("JSON Schema of a kind of file, for editors", _schema),
}
"""What each command does, in a line, and its options."""


def _folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--offers", metavar="DIR", type=Path, help="use this folder of offers")
    parser.add_argument("--prices", metavar="DIR", type=Path, help="use this folder of prices")


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write there instead of the terminal")


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table")


def _language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the answer")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day of the calendar like 2024-06-28") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, model = text.rpartition("=")
    if not equals or not name or not model:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=MODEL")
    return name, model


def _months(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 120:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 120")
    return int(text)
