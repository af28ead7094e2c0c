"""Hostile values for the settings of an address, and addresses made of them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from benchmarks.address_settings import Setting

NUMBERS = (
    "",
    "0",
    "-1",
    "1",
    "7",
    "3.7",
    "-0.0",
    "1e-320",
    "1e308",
    "1e999",
    "-1e999",
    "nan",
    "inf",
    "-inf",
    "0x10",
    "1_000",
    "١٢",
    "１２",
    " 3 ",
    "2147483648",
    "9223372036854775808",
    "-9223372036854775809",
    "9" * 400,
    "true",
    "3;4",
    "NaN(1)",
)
WORDS = (
    "",
    " ",
    "None",
    "null",
    "undefined",
    "nan",
    "inf",
    "[]",
    "{}",
    "{name}",
    "%s%n",
    "__import__('os')",
    "a" * 10_000,
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "$\\frac{1}{0}$",
    "[x](javascript:alert(1))",
    ":material/home:",
    "\x00",
    "\n\r",
    "\u202e\u2066abc",
    "\ufeff",
    "\ud800",
    "e" + "\u0301" * 500,
    "👩‍👩‍👧‍👦" * 20,
    "学习率",
    "ﬁ",
    "#️⃣",
    "`" * 300,
    "," * 40,
    "(" * 40,
    "1, 1, 2, 2",
    "2, 2, 3",
    "999999, 999999",
    "0, 0",
    "-1",
    "-3",
    "150",
    "1, 150, 1",
    "1, 1, 150",
    "5, 5, 5, 5, 5, 5",
    "same",
    "True",
    "torch.zeros(9)",
    "1" * 40,
)
# Networks as the page Convolution writes them into an address: whole, at and beyond their ends, and torn.
NETWORKS = (
    "1x28x28~conv-o10-k5~max-k2~relu~flatten~linear-i1440-o10",
    "1x6x6",
    "1x6x6~relu",
    "1x1x1~flatten~linear-o1",
    "1x8x8~flatten~linear-i64-o10~norm~relu~linear-i10-o10",
    "1x3x3~conv-o2-k3~norm~relu~flatten~linear-i2-o10",
    "3x256x256" + "~conv-o1024-k1" * 4,
    "1x256x256~conv-o64-k3-psame~conv-o64-k3-psame~flatten~linear-o10",
    "1x28x28~conv-o1024-k64-p64",
    "1x32x32~max-k2-p1~max-k64-p32-s1",
    "1x28x28" + "~relu" * 40,
    "1x28x28" + "~relu" * 400,
    "999999x999999x999999~relu",
    "0x0x0~relu",
    "-1x5x5~relu",
    "1x5~relu",
    "~~~",
    "1x28x28~conv-o10-k5-d64-g1024",
    "1x28x28~linear-i784-o10",
    "1x28x28~flatten~linear-i100000-o10000",
    "1x28x28~dropout-p1~flatten~linear-o10",
    "1x28x28~conv-o10-k5-psame-s2",
    "1x28x28~avg-k3-s1-p1~norm~logsoftmax",
    "1x10x10~conv-k3-k3",
    "1x28x28~conv-o１０",
)


def values(setting: Setting) -> list[str]:
    """Return what to try for ``setting``: its ends and beyond them, what it takes, and what it does not."""
    if setting.kind == "number":
        return [*_ends(setting), *NUMBERS, "words", setting.default]
    if setting.kind == "switch":
        return ["true", "false", "True", "1", "0", "maybe", "", "nan"]
    if setting.kind == "choice":
        wrong = [option.swapcase() for option in setting.options[:2]]
        networks = [f"stack:{text}" for text in NETWORKS] if "network" in setting.key else []
        return [*setting.options, *wrong, *networks, *WORDS[:12]]
    networks = list(NETWORKS) if "~" in setting.default or "rows" in setting.key else []
    return [setting.default, *networks, *WORDS, *mutations(setting.default)]


def _ends(setting: Setting) -> list[str]:
    texts = []
    for end in (setting.low, setting.high):
        if end is not None:
            step = 1 if float(end).is_integer() else abs(end) / 2
            texts += [f"{value:.17g}" for value in (end, end - step, end + step)]
    return texts


def mutations(text: str) -> list[str]:
    """Return ``text`` with each of its numbers at an extreme, torn, and doubled."""
    texts = [text[: len(text) // 2], text * 2, text + "~" + text] if text else []
    for match in re.finditer(r"\d+", text):
        for number in ("0", "-1", "2", "64", "999999", "9" * 30):
            texts.append(text[: match.start()] + number + text[match.end() :])
    return texts


def path(page: str, values: Sequence[tuple[str, str]]) -> str:
    """Return the address of a page with these settings, a lone half of a character included."""
    pairs = ["=".join(quote(part.encode("utf-8", "surrogatepass"), safe="") for part in pair) for pair in values]
    return f"{page}?{'&'.join(pairs)}"


def addresses(settings: Sequence[Setting], count: int, seed: int) -> Iterator[str]:
    """Yield ``count`` addresses: half of them one setting at one value, as many as there are, then combinations."""
    pick = random.Random(seed)
    by_page: dict[str, list[Setting]] = {}
    for setting in settings:
        by_page.setdefault(setting.page, []).append(setting)
    single = [(setting, value) for setting in settings for value in values(setting)]
    pick.shuffle(single)
    single = single[: count // 2]
    for setting, value in single:
        yield path(setting.page, [*_others(setting, by_page), (setting.key, value)])
    for _ in range(count - len(single)):
        page = pick.choice(sorted(by_page))
        yield path(page, combination(by_page[page], pick))


def combination(settings: Sequence[Setting], pick: random.Random) -> list[tuple[str, str]]:
    """Return one to eight settings, or all, mostly with values that they take; now and then a key twice."""
    many = len(settings) if pick.random() < 0.05 else pick.randint(1, min(8, len(settings)))
    pairs = []
    for setting in pick.sample(list(settings), many):
        tried = values(setting)
        legal = tried[: max(1, len(setting.options) or 6)]
        pairs.append((setting.key, pick.choice(legal if pick.random() < 0.7 else tried)))
    if pick.random() < 0.05:
        pairs.append((pairs[0][0], "other"))
    if pick.random() < 0.05:
        pairs.append((pick.choice(WORDS) or "unknown", pick.choice(WORDS)))
    return pairs


def _others(setting: Setting, by_page: dict[str, list[Setting]]) -> list[tuple[str, str]]:
    """Return what makes the page show ``setting``: the option of a choice that the setting's key names."""
    for other in by_page[setting.page]:
        if other.kind == "choice" and other.key != setting.key:
            named = [option for option in other.options if f"_{option}_" in setting.key]
            if named:
                return [(other.key, named[0])]
    return []
