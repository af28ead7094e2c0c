"""One epoch of batches: how many, how large the last one is, and in which order the samples come."""

from __future__ import annotations

import streamlit as st

from core import dataloading
from core.dataloading import Epoch
from pages.parts.digits.controls import Choice
from pages.shared import figures, metrics
from pages.shared.language import _

FIRST = 10  # sample numbers of a batch


def show(choice: Choice) -> None:
    """Count the batches of an epoch, show its last batch, and the order of this epoch and the next."""
    settings, data = choice.settings, choice.data
    images, labels = dataloading.part_of(data, settings.part)
    first, second = dataloading.epochs(data, settings)
    metrics.show(_numbers(first, len(labels), settings.batch_size))
    st.table([_row(_("epoch 1"), first), _row(_("epoch 2"), second)])
    st.caption(_order(first, second, shuffle=settings.shuffle))
    last = list(first.batches[-1])
    st.markdown(_("**The last batch** of epoch 1, with {count} {count:image|images}:", count=len(last)))
    indices = last[:24]
    captions = [f"{label} · {number}" for label, number in zip(labels[indices].tolist(), indices, strict=True)]
    st.html(figures.gallery(images[indices].numpy(), captions, side=56))


def _numbers(epoch: Epoch, count: int, size: int) -> dict[str, tuple[str, str]]:
    whole, rest = divmod(count, size)
    sum_of = f"{count:,} = {whole:,} · {size} + {rest}"
    return {
        "len(dataset)": (f"{count:,}", sum_of),
        "len(loader)": (f"{len(epoch.batches):,}", _("batches in an epoch")),
        _("last batch"): (f"{len(epoch.batches[-1]):,}", _("images")),
        _("left out"): (f"{count - epoch.count:,}", _("images, in each epoch")),
    }


def _row(name: str, epoch: Epoch) -> dict[str, str]:
    return {
        "": name,
        _("first batch"): _listed(epoch.batches[0]),
        _("last batch"): _listed(epoch.batches[-1]),
    }


def _listed(batch: tuple[int, ...]) -> str:
    return ", ".join(map(str, batch[:FIRST])) + (", …" if len(batch) > FIRST else "")


def _order(first: Epoch, second: Epoch, shuffle: bool) -> str:
    if not shuffle:
        return _("Numbers of the images. Without shuffle every epoch goes through them in the same order.")
    if first == second:
        return _("Numbers of the images. One image leaves nothing to shuffle.")
    return _(
        "Numbers of the images. Every epoch is shuffled again; the same seed gives the same orders again, another "
        "seed others."
    )
