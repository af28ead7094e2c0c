"""What is Python's rather than torch's: names, imports, syntax, and the limits of a run."""

from __future__ import annotations

import ast
import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping

from core.errors import N_
from core.script.causes.table import Cause, Details, Look
from core.script.failure import Failure
from core.script.source import number
from core.sentence import Sentence


def _name(failure: Failure, groups: Mapping[str, str]) -> Details | None:
    near = difflib.get_close_matches(groups["name"], list(failure.variables), 1, 0.75)
    if not near:
        return {}
    line = failure.source.line(failure.line)
    return {"line": failure.line, "code": line.replace(groups["name"], near[0], 1)}


IMPORTS = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "torch": "import torch",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "optim": "from torch import optim",
    "DataLoader": "from torch.utils.data import DataLoader",
    "Dataset": "from torch.utils.data import Dataset",
    "TensorDataset": "from torch.utils.data import TensorDataset",
    "torchvision": "import torchvision",
    "transforms": "from torchvision import transforms",
    "datasets": "from torchvision import datasets",
    "tqdm": "from tqdm import tqdm",
} | {name: f"import {name}" for name in ("math", "os", "sys", "time", "random", "copy", "json", "argparse")}


def _import(_failure: Failure, groups: Mapping[str, str]) -> Details | None:
    return {"statement": IMPORTS[groups["name"]]} if groups["name"] in IMPORTS else None


# What Unicode itself does not call another form of a plain character.
PLAIN = {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-", "\u2212": "-"}


def _character(failure: Failure, groups: Mapping[str, str]) -> Details | None:
    character = chr(int(groups["point"], 16))
    plain = PLAIN.get(character, unicodedata.normalize("NFKC", character))
    where = _lines(failure, lambda line: character in line)
    if plain == " ":
        return {"plain": Sentence(N_("a space")), **where}
    is_invisible = plain == character and not character.isprintable()
    return {"plain": Sentence(N_("no character")) if is_invisible else plain, **where}


def _lines(failure: Failure, has: Callable[[str], bool], most: int = 6) -> dict[str, object]:
    """Return how many lines of the program are so, and the numbers of the first ones as text."""
    numbers = [number for number, line in enumerate(failure.source.lines, 1) if has(line)]
    text = ", ".join(map(str, numbers[:most])) + (", …" if len(numbers) > most else "")
    return {"count": len(numbers), "numbers": text}


def _begins(*signs: str) -> Look:
    """Return the look for a line that begins with one of ``signs``, as no line of Python does."""

    def look(failure: Failure, _groups: Mapping[str, str]) -> Details | None:
        sign = next((sign for sign in signs if failure.source.line(failure.line).startswith(sign)), None)
        if sign is None:
            return None
        return {"sign": sign, **_lines(failure, lambda line: line.strip().startswith(signs))}

    return look


def _divisor(failure: Failure, _groups: Mapping[str, str]) -> Details | None:
    """What stands on the right of the sign of division."""
    match failure.node:
        case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod(), right=right) if number(right) is None:
            return {"divisor": ast.unparse(right)}
    by = re.match(r"[\w.\[\]]+ (?:/|//|%)= (.+)", failure.expression)
    return {"divisor": by[1]} if by else None


LIMITS = (
    Cause(
        "time",
        r"^TimeLimit",
        N_("The program was still running when its time was over."),
        N_("Make it smaller, or give it more with --seconds."),
    ),
    Cause(
        "memory",
        r"^MemoryLimit|CUDA out of memory|can't allocate memory|not enough memory: you tried|^MemoryError",
        N_("The program asked for more memory than it may have."),
        N_(
            "Use a smaller batch or model, evaluate under torch.no_grad(), and add up loss.item() rather than loss."
        ),
    ),
)
CAUSES = (
    Cause(
        "recursion",
        r"maximum recursion depth exceeded",
        N_("A function calls itself without an end, such as self(x) inside of forward."),
        N_("Call a layer in forward, not the module itself."),
    ),
    Cause(
        "missing_package",
        r"No module named '(?P<name>[\w.]+)'",
        N_("{name} is neither installed here nor beside the program."),
        N_("Install it, or put it into the program's folder."),
    ),
    Cause(
        "import_name",
        r"cannot import name '(?P<name>\w+)'",
        N_("The package has nothing named {name}; it may be of another version."),
        N_("Look the name up in the documentation of the version that is installed."),
    ),
    Cause(
        "name",
        r"name '(?P<name>\w+)' is not defined",
        N_("{name} is the usual name of an import that this program does not have."),
        N_("Add a line at the top: {statement}"),
        _import,
    ),
    Cause(
        "name",
        r"name '(?P<name>\w+)' is not defined",
        N_("No line before this one sets {name}."),
        N_("Set it first, import it, or correct its spelling."),
        _name,
    ),
    Cause(
        "unbound",
        r"cannot access local variable '(?P<name>\w+)'|referenced before assignment",
        N_("The function sets this variable later, or not on the way that was taken."),
        N_("Set it before it is used; global makes a function use the program's variable."),
    ),
    Cause(
        "indentation",
        r"^(?:IndentationError|TabError)|'(?:return|yield|await)' outside (?:async )?function",
        N_("The line is not indented as the lines around it."),
        N_("Indent with four spaces a level."),
    ),
    Cause(
        "character",
        r"^SyntaxError: invalid (?:non-printable )?character.*U\+(?P<point>[0-9A-F]+)",
        N_("Python has no use for the character U+{point} outside of a text; it often comes with copied code."),
        N_("Replace it with {plain}: in {count:line|lines} {numbers}."),
        _character,
    ),
    Cause(
        "syntax",
        r"^SyntaxError",
        N_("A line that begins with {sign} is a command of a notebook, which Python does not know."),
        N_("Delete it, or write # before it: {count:line|lines} {numbers}."),
        _begins("%", "!"),
    ),
    Cause(
        "syntax",
        r"^SyntaxError",
        N_("{sign} is what Python prints before a line that is typed in; it is no part of the program."),
        N_("Delete {sign} at the beginning of lines, and the answers below them: {count:line|lines} {numbers}."),
        _begins(">>>", "..."),
    ),
    Cause(
        "syntax",
        r"^SyntaxError",
        N_("{sign} marks where code begins and ends in Markdown; it is no part of the program."),
        N_("Delete it: {count:line|lines} {numbers}."),
        _begins("```"),
    ),
    Cause(
        "syntax",
        r"^SyntaxError",
        N_("Python cannot read this line, or the one before is not closed."),
        N_("Look for a missing bracket, quote or colon."),
    ),
    Cause(
        "missing_argument",
        r"missing \d+ required positional argument|unexpected keyword argument|takes \d+ positional argument",
        N_("The call gives other arguments than the function has."),
        N_("Compare the call with the function's def line; a method needs self."),
    ),
    Cause(
        "text_and_number",
        r"can only concatenate str|must be str, not|could not convert string to float|unsupported format string"
        r"|not supported between instances of '(?:str' and '\w+|\w+' and 'str)'",
        N_("A text and a number do not go together without a conversion."),
        N_("Write an f-string, or convert one of them: str(x), float(text)."),
    ),
    Cause(
        "operand_types",
        r"unsupported operand type\(s\) for (?P<sign>\S+): '(?P<first>[\w.]+)' and '(?P<second>[\w.]+)'"
        r"|'(?P<sign2>\S+)' not supported between instances of '(?P<first2>[\w.]+)' and '(?P<second2>[\w.]+)'",
        N_("There is no {sign} between {first} and {second}."),
        N_("Convert both to tensors first: torch.tensor(list); a list + a list joins them."),
        lambda _, groups: None if "NoneType" in groups["first"] + groups["second"] else {},
    ),
    Cause(
        "not_callable",
        r"'(?P<kind>[\w.]+)' object is not callable",
        N_("Something of type {kind} is called like a function."),
        N_("Look for a variable that has the name of a function, and for a missing operator before the bracket."),
    ),
    Cause(
        "zero_division",
        r"ZeroDivisionError",
        N_("{divisor} is 0, and nothing can be divided by 0."),
        N_(
            "Print {divisor} before this line: a list that nothing was added to, a loop that never ran or a"
            " DataLoader without a batch counts 0."
        ),
        _divisor,
    ),
    Cause(
        "zero_division",
        r"ZeroDivisionError",
        N_("The line divides by 0."),
        N_("Print what it divides by before this line, and divide only where that is not 0."),
    ),
    Cause("key", r"^KeyError", N_("The dictionary has no such key."), N_("Print its keys: list(d).")),
    Cause(
        "index",
        r"^IndexError",
        N_("The index is beyond the end."),
        N_("Compare it with len(…); counting starts at 0."),
    ),
    Cause(
        "input",
        r"^EOFError",
        N_("The program asks for something to be typed, and nobody is there to type."),
        N_("Write the value into the program, or give it as an argument."),
    ),
    Cause(
        "exit",
        r"^SystemExit",
        N_(
            "The program ended itself with an exit status other than 0; argparse does so where"
            " arguments are missing."
        ),
        N_("Give the program's arguments after its name."),
    ),
    Cause(
        "none",
        r"NoneType",
        N_("A function that returns nothing gave None, and None has no such operation."),
        N_("Print the value in the line before, and look for a missing return."),
    ),
    Cause(
        "assertion",
        r"^AssertionError",
        N_("A condition that the program or a library states is not met."),
        N_("Read the line of the assert: it says what must hold."),
    ),
)
