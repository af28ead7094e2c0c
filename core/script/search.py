"""Finds the entry of the library that an error message, a traceback or a few words are about."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from core.i18n import LANGUAGES, translate
from core.script.causes import CAUSES
from core.script.causes.table import Cause
from core.script.library import Entry, entries

LAST_LINE = re.compile(
    r"^(?:[\w.]+\.)?(?P<type>\w+(?:Error|Exception|Interrupt|Exit|Iteration)\b)(?:: (?P<message>.*))?$"
)
FILE = re.compile(r'\s*File "(?P<path>[^"]+)", line \d+')
LIBRARIES = ("site-packages/", "dist-packages/", "/lib/python", "/torch/nn/", "/torch/", "<frozen")
WORD = re.compile(r"[a-z_][a-z0-9_]+")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
COMMON = frozenset(
    [
        "the",
        "of",
        "in",
        "and",
        "is",
        "to",
        "an",
        "it",
        "for",
        "on",
        "that",
        "with",
        "as",
        "at",
        "be",
        "not",
        "this",
        "by",
        "are",
        "was",
        "my",
        "why",
        "how",
        "does",
        "do",
        "in_",
        "or",
        "a",
    ]
)


@dataclass(frozen=True)
class Traceback:
    """What a pasted text holds of an error: its last line, and the program's lines, the innermost first."""

    type: str
    message: str
    lines: tuple[str, ...]
    whole: str = ""

    @property
    def text(self) -> str:
        """The last line of the traceback, as the causes read it."""
        return f"{self.type}: {self.message}"


def read(text: str) -> Traceback | None:
    """Return the error in a text; None where it is none. A message alone counts as one where a cause knows it."""
    rows = [row.rstrip() for row in text.strip().splitlines()]
    start, last_line = next(
        ((i, match) for i in reversed(range(len(rows))) if (match := LAST_LINE.match(rows[i].strip()))), (-1, None)
    )
    if last_line is None:
        whole = " ".join(text.split())
        is_error = any(
            re.search(cause.pattern, f"RuntimeError: {whole}") for cause in CAUSES if cause.key not in BROAD
        )
        return Traceback("RuntimeError", whole, _program_lines(rows), text) if is_error else None
    message = "\n".join([last_line["message"] or "", *rows[start + 1 :]])
    return Traceback(last_line["type"], message.strip(), _program_lines(rows[:start]), text)


def _program_lines(rows: list[str]) -> tuple[str, ...]:
    """Return the lines of the program itself in a traceback, the innermost first; not those of libraries."""
    lines: list[str] = []
    is_library = False
    for row in rows:
        file = FILE.match(row)
        if file is not None:
            is_library = any(part in file["path"].replace("\\", "/") for part in LIBRARIES)
        elif row.startswith((" ", "\t")) and not is_library and set(row) - set(" \t^~"):
            lines.append(row.strip())
    return tuple(reversed(lines))


# Causes whose pattern says less than what they look at in the running program: what the text must show besides.
BROAD = ("missing_return", "grad_of_result", "grad_none", "none", "key", "index", "file", "assertion")


def _is_flat(error: Traceback) -> bool:
    """(rows x 28 and 784 x n): what Linear wants is a multiple of a picture's width, and the rows are many."""
    match = re.search(r"(\d+) ?x ?(\d+)\D+(?:2\D+)?(\d+) ?x ?\d+", error.message)
    if match is None:
        return False
    rows, width, expected = map(int, match.groups())
    if rows == 1 and width > expected and width % expected == 0:
        return True  # one row of all samples
    return width < expected and expected % width == 0 and rows % (expected // width) == 0


def _in(*words: str) -> Callable[[Traceback], bool]:
    return lambda error: any(word in line for line in error.lines[:12] for word in words)


def _own(*patterns: str) -> Callable[[Traceback], bool]:
    """Look at the innermost line of the program itself, as far as the text shows it."""
    return lambda error: any(re.search(pattern, error.lines[0]) for pattern in patterns if error.lines)


def _message(pattern: str) -> Callable[[Traceback], bool]:
    return lambda error: re.search(pattern, error.message, re.DOTALL) is not None


def _no_channel(error: Traceback) -> bool:
    """A batch of grey pictures is taken for one picture of many channels."""
    return _message(r"input\[1, (?!3,)\d+, \d+, \d+\] to have 1 channels")(error)


def _is_last(error: Traceback) -> bool:
    match = re.search(r"input\[([\d, ]+)\] to have (\d+) channels", error.message)
    return match is not None and match[1].split(",")[-1].strip() == match[2]


def _of_loss(error: Traceback) -> bool:
    return not error.lines or _in("cross_entropy", "nll_loss", "criterion", "loss", "Loss")(error)


OF_A_GAN = r"(?i)\b(?:(?:loss|err)_?[dg]|[dg]_?loss)\w*\.backward"
LAYERS = r"'(?:ReLU|GELU|Sigmoid|Softmax|Tanh|Linear|Dropout\d?d?|\w+Norm\w*|Conv\w+|MaxPool\w+)' object"
# Messages of one sample without a batch, and of a pair from max, that say much else too.
ONE_SAMPLE = r"^expected .*input \(got \dD input\)|mat1 and mat2|size mismatch, m1|running_mean should contain"
NO_TUPLE = r"^'bool' object|unsupported operand type|not supported between"
# What a traceback must show besides a cause's pattern: a cause looks at the running program, here is only its text.
NEEDS: dict[str, Callable[[Traceback], bool]] = {
    "flatten": _is_flat,
    "in_features": lambda error: not _own(r"@|matmul|\bmm\(|\.mm\(")(error),
    "missing_channel": _no_channel,
    "channels_last": _is_last,
    "missing_batch": lambda error: not _message(ONE_SAMPLE)(error),
    "layer_returns_tuple": lambda error: not _message(NO_TUPLE)(error),
    "create_graph": _in("autograd.grad", " grad("),
    "state_not_detached": lambda _: False,
    "forward_outside_loop": lambda _: False,
    "broadcast": lambda error: not _message(r"^Sizes of tensors must match except in dimension")(error),
    "class_for_object": lambda error: not error.message.startswith("Module."),
    "not_detached": _own(OF_A_GAN),
    "backward_twice": lambda error: not _own(OF_A_GAN)(error),
    "graph_cut": lambda error: (
        not error.lines or _own(r"loss")(error)
        if _message("does not require grad")(error)
        else _own(r"argmax")(error)
    ),
    "chunk_dim": _own(r"(?:chunk|split|unbind)\("),
    "cat_dim": lambda _: False,
    "step_between": _message(r"\]\] is at version|which is output 0 of (?:TBackward|AsStridedBackward)"),
    "register_buffer": _own(r"[-+*/@] ?self\.\w+\b(?!\()|self\.\w+\b ?[-+*/@]"),
    "parameter_rebound": lambda _: False,
    "closure": lambda error: _own(r"\.step\(")(error) or "closure" in error.message,
    "unpack_batch": lambda error: _message(r"values to unpack")(error) or _in("enumerate(")(error),
    "plain_list": lambda error: "callable" not in error.message or _own(r"self\.")(error),
    "function_apply": lambda error: (
        _message(r"Legacy autograd|'[A-Z]\w+' object has no attribute '(?:sum|mean|shape|backward)'")(error)
        and not _message(LAYERS)(error)
    ),
    "loss_arguments": lambda error: (
        _message(r"_softmax.*not implemented for 'Long'")(error)
        or "_reduction" in error.whole
        or _own(r"Loss\([^)]")(error)
        or "Loss" in error.message
    ),
    "labels_long": _of_loss,
    "float_target": _of_loss,
    "missing_return": lambda error: not _own(r"\.grad\b")(error),
    "grad_of_result": _own(r"\.grad\b"),
    "grad_none": _own(r"\.grad\b"),
    "tensor_of_tensors": _own(r"torch\.[tT]ensor\("),
    "layer_not_called": _message(LAYERS),
    "operand_types": lambda error: "NoneType" not in error.message,
    "attribute_name": lambda error: "NoneType" not in error.message,
}


def causes_of(error: Traceback) -> Iterator[Cause]:
    """Give the causes whose pattern is in the text, the special before the general, those that it shows first."""
    by_message = [
        cause for cause in CAUSES if cause.pattern
    ]  # without one it is known by the running program alone
    matching = [cause for cause in by_message if re.search(cause.pattern, error.text, re.DOTALL)]
    fitting = [cause for cause in matching if cause.key not in NEEDS or NEEDS[cause.key](error)]
    yield from fitting
    yield from (cause for cause in matching if cause not in fitting)


def find(text: str) -> list[Entry]:
    """Return the entries that share a cause or a word with the text, the best first; all where there is no text."""
    everything = list(entries().values())
    if not text.strip():
        return everything
    error = read(text)
    words = _words(text if error is None else " ".join([error.text, *error.lines]))
    keys = list(dict.fromkeys(cause.key for cause in causes_of(error))) if error is not None else []

    def rank(entry: Entry) -> tuple[int, float]:
        place = keys.index(entry.key) if entry.key in keys else len(keys)
        return place, -sum(weight for word, weight in _index()[entry.name].items() if word in words)

    ranks = {entry.name: rank(entry) for entry in everything}
    hits = [entry for entry in everything if ranks[entry.name] < (len(keys), 0.0)]
    return sorted(hits, key=lambda entry: ranks[entry.name])


def _words(text: str) -> set[str]:
    """Return the words of a text, the parts of a name such as ``zero_grad``, and each two neighbours in Chinese."""
    words = set(WORD.findall(text.lower()))
    parts = {part for word in words for part in word.split("_")}
    pairs = {run[i : i + 2] for run in CHINESE.findall(text) for i in range(len(run) - 1)}
    return {word for word in words | parts | pairs if len(word) > 1} - COMMON


@cache
def _index() -> dict[str, dict[str, float]]:
    """Return, for each entry, its words and what they weigh: the key most, the program least, rare ones more."""
    weights: dict[str, dict[str, float]] = {}
    for entry in entries().values():
        both = (entry.about.title, entry.title)
        titles = " ".join(translate(language, text) for text in both for language in LANGUAGES)
        texts = [text for cause in CAUSES if cause.key == entry.key for text in (cause.why, cause.repair)]
        prose = " ".join(translate(language, text) for text in texts for language in LANGUAGES)
        one = dict.fromkeys(_words(entry.program), 0.2) | dict.fromkeys(_words(prose), 1.0)
        one |= dict.fromkeys(_words(titles), 2.0)
        weights[entry.name] = one | dict.fromkeys(_words(entry.key), 4.0)
    having = Counter(word for one in weights.values() for word in one)
    return {
        name: {word: weight * math.log(1 + len(weights) / having[word]) for word, weight in one.items()}
        for name, one in weights.items()
    }
