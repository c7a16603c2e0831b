"""YAML with places: plain values for validation, and the line of each of them for the error message.

Stricter than YAML 1.1 where that surprises people: only ``true`` and ``false`` are booleans, ``12:30`` stays text,
duplicate keys are problems, and tags that build objects are refused. Numbers may carry underscores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import yaml

from .text import Text

MAX_DEPTH = 20
MAX_NODES = 200_000
MAX_BYTES = 4_000_000

_NUMBER = re.compile(r"[-+]?(\d[\d_]*)(\.[\d_]*)?([eE][-+]?\d+)?|[-+]?\.\d[\d_]*([eE][-+]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WORDS: dict[str, Any] = {"null": None, "~": None, "": None, "true": True, "false": False}
_PLAIN, _TEXT = "plain", "text"
_OPEN = (None, 0)  # stands for a node whose value is being read

Place = tuple[int, int]
Loc = Sequence[str | int]


class Problem(NamedTuple):
    """One thing that is wrong in a file, for the person who can fix it. Line and column count from 1."""

    file: str
    line: int
    column: int
    message: Text

    def __str__(self) -> str:
        told = f"{self.file}:{self.line}:{self.column}: {self.message}"
        return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in told)  # one line, nothing hidden


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file, line and column."""
    return sorted(problems, key=lambda problem: problem[:3])


class InputError(Exception):
    """The input cannot be used; ``problems`` says why, all at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C loader where it was built
    """Composes nodes; what a scalar means is decided in :func:`plain_scalar`, not by YAML 1.1's resolver."""

    def resolve(self, kind: type, value: str, implicit: Any) -> str:
        return _PLAIN if kind is yaml.ScalarNode and implicit[0] else _TEXT


@dataclass
class Document:
    """A file that was read: its plain value, and the problems met on the way."""

    name: str
    value: Any = None
    problems: list[Problem] = field(default_factory=list)
    _root: Any = None
    _text: str | None = None
    """What to read where a place is asked for and no root is there."""

    def place(self, loc: Loc) -> Place:
        """Line and column (from 1) of what stands at ``loc``; of its nearest parent where it does not stand."""
        if self._root is None and self._text is not None:
            self._root = read_yaml(self._text, self.name, trusted=True)._root
        node = self._root
        mark = node.start_mark if node is not None else None
        for step in loc:
            found = _child(node, step)
            if found is not None:
                mark, node = found
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)

    def report(self, loc: Loc, message: Text) -> None:
        """Adds a problem with what stands at ``loc``."""
        self.problems.append(Problem(self.name, *self.place(loc), message))


def read_yaml(
    text: str, name: str, *, max_nodes: int = MAX_NODES, max_bytes: int = MAX_BYTES, trusted: bool = False
) -> Document:
    """Reads one YAML document.

    ``name`` is the file name that problems show. At most ``max_nodes`` values are read, aliases counted as often as
    they are used, so that a small hostile file cannot grow. ``trusted`` skips the look at how deep it is nested and how
    much it holds, which takes as long as reading: the C loader ends the process on a file of nothing but brackets.
    """
    document = Document(name)
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        document.report((), Text("the file is not UTF-8 text"))
        return document
    if size > max_bytes:
        document.report((), Text("the file is too long: at most {most:,} bytes are read", most=max_bytes))
        return document
    loader = None
    try:
        if not trusted and (beyond := _beyond(text, max_nodes)):
            mark, message = beyond
            document.problems.append(Problem(name, mark.line + 1, mark.column + 1, message))
            return document
        loader = _Loader(text)
        document._root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        document.problems.append(
            Problem(name, line, column, Text("this is not valid YAML: {problem}", problem=error.problem))
        )
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = Text("nested too deeply") if isinstance(error, RecursionError) else getattr(error, "reason", error)
        document.problems.append(Problem(name, 1, 1, Text("this is not valid YAML: {problem}", problem=problem)))
    finally:
        if loader is not None:
            loader.dispose()
    if document._root is not None:
        document.value = _Reader(document, max_nodes).value(document._root)
    return document


def _beyond(text: str, max_nodes: int) -> tuple[Any, Text] | None:
    """Where the text is nested more deeply than any of our files, or holds more than twice ``max_nodes``.

    A value and its key are two nodes. More of them are not even built: a node takes a hundred times its text.
    """
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            if nodes > 2 * max_nodes:
                return event.start_mark, Text("the file holds too much from here on")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH + 1:
                return event.start_mark, Text("nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


class _Reader:
    def __init__(self, document: Document, max_nodes: int) -> None:
        self.document = document
        self.left = max_nodes
        self.done: dict[int, tuple[Any, int]] = {}  # id of a node -> its value and how many nodes it stands for

    def value(self, node: Any) -> Any:
        seen = self.done.get(id(node))
        before = self.left
        self.left -= seen[1] if seen else 1
        if self.left < 0:
            if before >= 0:
                self._complain(node, Text("the file holds too much from here on"))
            return None
        if seen:
            if seen is _OPEN:
                self._complain(node, Text("an alias must not stand inside what it refers to"))
            return seen[0]
        self.done[id(node)] = _OPEN
        if node.tag not in (_PLAIN, _TEXT):
            self._complain(node, Text("the tag {tag} is not allowed here", tag=node.tag))
            value: Any = None
        elif isinstance(node, yaml.MappingNode):
            value = self._mapping(node)
        elif isinstance(node, yaml.SequenceNode):
            value = [self.value(item) for item in node.value]
        else:
            value = plain_scalar(node.value) if node.tag == _PLAIN else node.value
        self.done[id(node)] = (value, before - self.left)
        return value

    def _mapping(self, node: Any) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key_node, item in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._complain(key_node, Text("a key must be a word"))
                continue
            key = key_node.value
            if key in value:
                self._complain(key_node, Text("the key `{key}` stands here twice", key=key))
                continue
            value[key] = self.value(item)
        return value

    def _complain(self, node: Any, message: Text) -> None:
        mark = node.start_mark
        self.document.problems.append(Problem(self.document.name, mark.line + 1, mark.column + 1, message))


def plain_scalar(text: str) -> Any:
    """What an unquoted word means: a number, a date, true, false, null, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first.isdigit() or first in "+-.":
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                return text  # an impossible day: validation names it
        if match := _NUMBER.fullmatch(text):
            whole = match[2] is None and match[3] is None and match[1] is not None
            digits = text.replace("_", "")
            return int(digits) if whole and len(digits) < 40 else float(digits)
    return text


def _child(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """The mark and node under ``step``: the mark is the key's, since that is what a reader looks for."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if getattr(key, "value", None) == step:
                return key.start_mark, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark, item
    return None


def known_steps(document: Document, loc: Loc) -> Iterator[str | int]:
    """The steps of ``loc`` that stand in the value (validation adds some of its own, such as a union's tag)."""
    value = document.value
    for step in loc:
        if (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        ):
            value = value[step]  # type: ignore[index]  # a mapping by key, a list by index
            yield step
