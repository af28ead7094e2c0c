"""Keep the catalogues true: ``python -m tools.locales`` extracts, updates and compiles; ``--check`` only looks.

One catalogue a lesson (``DOMAINS``), so that a translator works on one thing at a time. After changing a
sentence, run it, fill in the empty ``msgstr`` lines it names, and run it again. A sentence that moves to another
lesson keeps its translation, from a catalogue that is no lesson's any more too.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from core.script.library import FOLDER as PROGRAMS
from core.script.library import title

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "core" / "locales"
# Babel stamps dates into the header; fixed ones make the files a function of their sentences.
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
KEYWORDS = {"_": None, "N_": None, "translate": (2,)}

# The first pattern that matches a file decides; "common" takes the rest.
DOMAINS: dict[str, tuple[str, ...]] = {
    "linear_fit": (
        "pages/linear_fit.py",
        "pages/parts/linear_fit/*.py",
        "core/foundations/linear_fit.py",
        "core/foundations/fit_surface.py",
        "core/foundations/gradient_experiments.py",
        "core/claims/linear_fit.py",
        "core/live/linear_fit/*.py",
    ),
    "operators": (
        "pages/operators.py",
        "pages/parts/operators/*.py",
        "core/foundations/run_operator.py",
        "core/ops/*.py",
        "core/live/operators/*.py",
    ),
    "two_layers": (
        "pages/two_layers.py",
        "pages/parts/two_layers/*.py",
        "core/foundations/**/*.py",
        "core/claims/two_layers.py",
        "core/live/two_layers/*.py",
    ),
    "convolution": (
        "pages/convolution.py",
        "pages/parts/convolution/*.py",
        "core/windows/*.py",
        "core/networks/*.py",
        "core/export/convolution_script.py",
        "core/convolution/**/*.py",
        "core/live/convolution/*.py",
    ),
    "lenet": (
        "pages/lenet.py",
        "pages/parts/lenet/*.py",
        "core/claims/lenet.py",
        "core/claims/tutorials.py",
        "core/live/lenet/*.py",
    ),
    "walk": ("core/trace/*.py", "core/walk/**/*.py"),
    "train": (
        "pages/train.py",
        "pages/parts/train/*.py",
        "pages/shared/archives.py",
        "pages/shared/live_chart.py",
        "pages/shared/workspace.py",
    ),
    "runs": ("pages/runs.py", "pages/parts/runs/*.py"),
    "experiments": (
        "pages/experiments.py",
        "pages/parts/experiments/*.py",
        "core/experiments/*.py",
        "core/export/experiment_*.py",
    ),
    "training": ("core/training/**/*.py", "core/examination/*.py", "core/weights/*.py", "core/file_kind.py"),
    "digits": (
        "pages/digits.py",
        "pages/parts/digits/*.py",
        "core/datasets.py",
        "core/dataloading.py",
        "core/claims/digits.py",
        "core/mnist_files.py",
    ),
    "draw": (
        "pages/draw.py",
        "pages/parts/draw/*.py",
        "core/sketch/*.py",
        "core/recognise/*.py",
        "core/mnist_framing.py",
        "core/pretraining/*.py",
    ),
    "what_goes_wrong": (
        "core/script/library/*.py",
        "core/script/library/programs/broken/*.*",
        "pages/what_goes_wrong.py",
        "pages/parts/what_goes_wrong/*.py",
    ),
    "script": ("core/script/**/*.py", "pages/your_code.py", "pages/parts/your_code/*.py"),
    "lesson_texts": (
        "pages/shared/lesson_texts.py",
        "pages/shared/journey.py",
        "pages/tutorials.py",
        "pages/parts/tutorials/*.py",
        "pages/parts/home/journeys.py",
        "core/journey/*.py",
        "core/progress.py",
    ),
    "classroom": ("serve.py", "pages/shared/visitor.py", "core/classroom/**/*.py"),
    "common": ("app.py", "pages/**/*.py", "core/**/*.py"),
}


def sources() -> dict[str, list[Path]]:
    """Return each domain's Python files, every file in exactly one domain."""
    claimed: set[Path] = set()
    files_of_domain: dict[str, list[Path]] = {}
    for domain, patterns in DOMAINS.items():
        files = {path for pattern in patterns for path in ROOT.glob(pattern)} - claimed
        claimed |= files
        files_of_domain[domain] = sorted(files)
    return files_of_domain


def extract(files: list[Path]) -> Catalog:
    """Collect the sentences marked with ``_`` or ``N_`` in ``files``, and the titles of programs."""
    catalog = Catalog(locale="zh", project="Stepwise", fuzzy=False)
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        if PROGRAMS in path.parents:
            if "broken" in path.parts:
                catalog.add(title(path.read_text(encoding="utf-8")), locations=[(name, 0)])
            continue
        # Babel warns of every f-string in such a call, a value among them; ruff refuses one that is the sentence.
        with contextlib.redirect_stderr(io.StringIO()):
            messages = extract_from_file("python", path, KEYWORDS, ("i18n:",))
        for _line, message, comments, _context in messages:
            catalog.add(message, locations=[(name, 0)], auto_comments=comments)
        for sentence in in_f_strings(path.read_text(encoding="utf-8")):
            catalog.add(sentence, locations=[(name, 0)])
    return catalog


def in_f_strings(source: str) -> Iterator[str]:
    """Yield the sentences marked inside of f-strings, which Babel sees from Python 3.12 on only."""
    strings = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr))
    for call in (node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)):
        marked = isinstance(call.func, ast.Name) and call.func.id in ("_", "N_")
        for argument in call.args[:1] if marked else ():
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def update(po: Path, template: Catalog) -> Catalog:
    """Merge ``template`` into the catalogue at ``po``; what no longer stands in the code is dropped."""
    catalog = Catalog(locale="zh", project="Stepwise", fuzzy=False)
    if po.exists():
        with po.open("rb") as file:
            catalog = read_po(file, locale="zh")
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def translations() -> dict[str, str]:
    """Return the translation of each sentence in any catalogue."""
    texts: dict[str, str] = {}
    for po in sorted((LOCALES / "zh" / "LC_MESSAGES").glob("*.po")):
        with po.open("rb") as file:
            texts |= {
                str(each.id): str(each.string) for each in read_po(file, locale="zh") if each.id and each.string
            }
    return texts


def fill(catalog: Catalog, texts: dict[str, str]) -> None:
    """Translate what has no translation in ``catalog`` as another catalogue did."""
    for message in missing(catalog):
        message.string = texts.get(str(message.id), "")


def left_over() -> list[Path]:
    """Return the files of catalogues that are no longer in ``DOMAINS``."""
    return sorted(path for path in (LOCALES / "zh" / "LC_MESSAGES").glob("*.[mp]o") if path.stem not in DOMAINS)


def po_bytes(catalog: Catalog) -> bytes:
    """Return the text of a catalogue without dates, so that only sentences make a difference."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, sort_output=True, omit_header=False, include_lineno=False)
    lines = buffer.getvalue().decode().splitlines()
    dropped = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Last-Translator',
        '"Language-Team',
        '"Generated-By',
        "# ",
        "#\n",
    )
    lines_of_catalog = [line for line in lines if not line.startswith(dropped) and line not in ("#", "#, fuzzy")]
    return ("\n".join(lines_of_catalog) + "\n").encode()


def mo_bytes(catalog: Catalog) -> bytes:
    """Return the compiled form that gettext reads."""
    clean = Catalog(locale="zh", fuzzy=False, creation_date=NO_DATE, revision_date=NO_DATE)
    for message in catalog:
        if message.id and message.string:
            clean.add(message.id, message.string)
    buffer = io.BytesIO()
    write_mo(buffer, clean)
    return buffer.getvalue()


def is_same(path: Path, content: bytes) -> bool:
    """Return whether ``path`` holds ``content``; of a compiled catalogue, whether it translates the same.

    Its bytes are another release of Babel's.
    """
    there = path.read_bytes()
    if path.suffix != ".mo" or there == content:
        return there == content
    return sentences(there) == sentences(content)


def sentences(compiled: bytes) -> dict[str, str]:
    """Return what a compiled catalogue translates, without its header."""
    return {str(message.id): str(message.string) for message in read_mo(io.BytesIO(compiled)) if message.id}


def missing(catalog: Catalog) -> list[Message]:
    """Return the messages without a translation."""
    return [message for message in catalog if message.id and not message.string]


def main(arguments: list[str] | None = None) -> int:
    """Update the catalogues, or with ``--check`` report what is stale or missing; exit status 1 then."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is stale")
    parser.add_argument("--domain", help="only this catalogue")
    options = parser.parse_args(arguments)
    problems, texts = 0, translations()
    for path in left_over():
        if options.check:
            print(f"{path.relative_to(ROOT)} is no lesson's: run python -m tools.locales")
            problems += 1
        else:
            path.unlink()
    for domain, files in sources().items():
        if options.domain and domain != options.domain:
            continue
        po = LOCALES / "zh" / "LC_MESSAGES" / f"{domain}.po"
        mo = po.with_suffix(".mo")
        catalog = update(po, extract(files))
        fill(catalog, texts)
        for path, content in ((po, po_bytes(catalog)), (mo, mo_bytes(catalog))):
            if path.exists() and is_same(path, content):
                continue
            if options.check:
                print(f"{path.relative_to(ROOT)} is stale: run python -m tools.locales")
                problems += 1
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for message in missing(catalog):
            print(f"{po.relative_to(ROOT)}: no translation of {message.id!r}")
            problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
