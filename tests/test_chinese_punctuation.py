"""Chinese sentences have Chinese punctuation: no half-width comma, colon or bracket next to a Chinese character."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core import i18n

ROOT = Path(__file__).resolve().parent.parent
CHINESE = ROOT / "core" / "locales" / "zh"
HAN = "\u4e00-\u9fff"
# What is code and keeps its own marks: `code`, $formulas$, addresses, file.py:Name, (N, C), 1,7:int64.
CODE = re.compile(
    r"`[^`]*`|'[^']*'|\$[^$]*\$|https?://\S+|\w+\.py:\w+|\[[^\]]*\]\([^)]*\)|\d+(?:,\d+)+(?::\w+)?|stack:\S+"
)
FORMAT = re.compile(r"\{(\w+)[:!][^}]*\}")
WRONG = re.compile(
    rf"[{HAN}][,;:!?]"  # a half-width mark after a Chinese character
    rf"|[,;:!?] ?[{HAN}]"  # or before one
    r"|[\w}\]][,;:][A-Za-z{]"  # or between words without a space
    rf"|[{HAN}]\([^)]*\)"  # brackets that touch one
    rf"|\)[{HAN}]"
    r"| [（，。；：？！）]|[（，。；：？！] "  # a space beside a full-width mark
)


def wrong(text: str) -> list[str]:
    """What in ``text`` is punctuated as English; nothing for a text without Chinese."""
    if not re.search(f"[{HAN}]", text):
        return []
    bare = CODE.sub("x", FORMAT.sub(r"{\1}", text))
    return [match.group() for match in WRONG.finditer(bare)]


def sentences() -> list[tuple[str, str]]:
    """Every translation with the catalogue or the prose that it stands in."""
    places = []
    for file in sorted(CHINESE.glob("LC_MESSAGES/*.po")):
        with file.open("rb") as content:
            places += [(file.stem, str(message.string)) for message in read_po(content, locale="zh") if message.id]
    for file in sorted(CHINESE.glob("prose/*.md")):
        places += [(file.name, line) for line in file.read_text(encoding="utf-8").splitlines()]
    return places


def test_chinese_sentences_have_chinese_punctuation() -> None:
    wrong_sentences = {f"{where}: {text}": marks for where, text in sentences() if (marks := wrong(text))}
    assert not wrong_sentences


@pytest.mark.parametrize(
    "text",
    [
        "变成 0;eval 时",
        "NumPy 除以 n,torch 除以",
        "float32:PyTorch 不会",
        "填充要算两边:2·p",
        "首个损失({first})",
        "分数 （N, 类别）",
        "True,requires_grad 为真",
        "答案是 {answer}:{arithmetic}",
    ],
)
def test_the_faults_that_once_stood_there_are_found(text: str) -> None:
    assert wrong(text)


@pytest.mark.parametrize(
    "text",
    ["形状为 (N, C) 的输出", "写成 my_net.py:Net，再试", "`f(x)`，然后", "English, only", "1,1,32,32 和 {n}，好"],
)
def test_right_ones_pass(text: str) -> None:
    assert not wrong(text)


@pytest.mark.parametrize("name", sorted(path.stem for path in (CHINESE / "prose").glob("*.md")))
def test_the_end_of_a_line_puts_no_space_into_a_chinese_sentence(name: str) -> None:
    """Markdown shows the end of a line as a space; a blank line and a list begin something new."""
    spaces = re.compile(
        rf"[{HAN}，。；：？！）]\n(?![-+#>|\n]|\* |\d+\. )[{HAN}（，。；：？！“]|[，。；：？！）]\n[`$\w]"
    )
    for text in i18n.prose_sections("zh", name).values():
        assert not [match for match in spaces.findall(text) if not re.search(r"\n\d", match)], text
