"""The library: each confusion has an entry, the keys are those that explain, and a search finds the right one."""

from __future__ import annotations

import pytest

from core.i18n import LANGUAGES, translate
from core.script.causes import CAUSES
from core.script.library import REPAIRED, entries, program
from core.script.library.topics import TOPICS
from core.script.search import find, read


def test_all_42_confusions_have_an_entry() -> None:
    assert list(TOPICS) == list(range(1, 43))
    assert {entry.topic for entry in entries().values()} == set(TOPICS)


def test_what_is_shown_names_no_key_and_keeps_its_lines() -> None:
    for entry in entries().values():
        assert "# here" not in entry.program + entry.repaired
        assert entry.program != entry.repaired
        assert entry.program.splitlines()[entry.line - 1].strip()


def test_topics_and_titles_are_translated() -> None:
    for title in (*(topic.title for topic in TOPICS.values()), *(entry.title for entry in entries().values())):
        assert translate("zh", title) != title
    assert len({entry.title for entry in entries().values()}) == len(entries())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x5 and 3x2)", "in_features"),
        ("mat1 and mat2 shapes cannot be multiplied (56x28 and 784x10)", "flatten"),
        (
            "RuntimeError: size mismatch, m1: [56 x 28], m2: [784 x 10] at /pytorch/aten/THTensorMath.cpp:41",
            "flatten",
        ),
        ("RuntimeError: Trying to backward through the graph a second time", "backward_twice"),
        ("ValueError: optimizer got an empty parameter list", "plain_list"),
        ("my loss is nan", "nan"),
        ("RuntimeError: Sizes of tensors must match except in dimension 1. Expected size 4 but got 5", "cat_sizes"),
        (
            "RuntimeError: [enforce fail at alloc_cpu.cpp:127] . DefaultCPUAllocator: can't allocate memory:"
            " you tried to allocate 2560000000000 bytes. Error code 12 (Cannot allocate memory)",
            "memory",
        ),
        (
            "TypeError: Module.parameters() missing 1 required positional argument: 'self'",
            "module_missing_instance",
        ),
        (
            "TypeError: Optimizer.zero_grad() missing 1 required positional argument: 'self'",
            "class_for_object",
        ),
        *(
            (f"RuntimeError: Output 0 of {node} is a view and is being modified inplace.", "hook_inplace")
            for node in ("BackwardHookFunction", "BackwardHookFunctionBackward")  # by releases of torch
        ),
        ("forgot zero_grad", "no_zero_grad"),
        ("冻结层 批归一化", "frozen_batch_norm"),
        (
            '  File "a.py", line 3, in <module>\n    x = torch.tensor(xs)\nValueError: only one element tensors'
            " can be converted to Python scalars",
            "tensor_of_tensors",
        ),
    ],
)
def test_the_right_entry_comes_first(text: str, key: str) -> None:
    assert find(text)[0].key == key


def test_no_text_finds_every_entry_and_words_that_none_has_find_none() -> None:
    assert [entry.name for entry in find("")] == list(entries())
    assert find("?") == find("xyzzy") == []
    assert 0 < len(find("zero_grad")) < len(entries())


def test_every_entry_is_found_by_its_title_in_both_languages() -> None:
    for entry in entries().values():
        for language in LANGUAGES:
            hits = find(translate(language, entry.title))[:12]
            assert entry in hits, (entry.name, language, [one.name for one in hits])


def test_frames_of_libraries_are_no_lines_of_the_program() -> None:
    text = """Traceback (most recent call last):
  File "/home/me/train.py", line 9, in <module>
    out = net(x)
          ^^^^^^
  File "/usr/lib/python3/site-packages/torch/nn/modules/module.py", line 1, in _call_impl
    return forward_call(*args, **kwargs)
RuntimeError: Input type (double) and bias type (float) should be the same
"""
    error = read(text)
    assert error is not None
    assert error.lines == ("out = net(x)",)
    assert find(text)[0].key == "dtype"


def test_the_keys_are_those_of_causes_or_findings() -> None:
    causes = {cause.key for cause in CAUSES}
    raised = [entry for entry in entries().values() if entry.key in causes]
    assert len(raised) > 60


def test_both_programs_of_an_entry_have_a_name() -> None:
    entry = entries()["01_in_features"]
    assert program("01_in_features") == entry.program
    assert program("01_in_features_repaired") == entry.repaired
    assert not [name for name in ("", "_repaired", "nothing") if program(name)]
    assert not [name for name in entries() if name.endswith(REPAIRED)]
