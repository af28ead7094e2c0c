"""A checkpoint's name across runs: one way to write it, the older ways understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.training.checkpoint_id import CheckpointId

RUN = "20260101-120000-0a1b2c3d"


@given(run=st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True), epoch=st.integers(0, 10**6))
def test_what_is_written_is_read_again(run: str, epoch: int) -> None:
    name = CheckpointId(run, f"epoch-{epoch}")
    assert CheckpointId.parse(str(name)) == name


def test_an_older_address_writes_a_slash() -> None:
    assert CheckpointId.parse(f"{RUN}/step-12") == CheckpointId(RUN, "step-12")


@pytest.mark.parametrize("text", ["", RUN, f"{RUN}:", f"{RUN}:../x", "../etc:epoch-1", f"{RUN}:epoch-1:2", "a/b/c"])
def test_what_names_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InvalidSetting, match="not the name of a checkpoint"):
        CheckpointId.parse(text)
