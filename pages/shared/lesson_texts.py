"""What each lesson opens with, a question and a first task, and what it ends with: its conclusion, the next one."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from core.errors import N_
from pages.shared import lessons
from pages.shared.language import _


@dataclass(frozen=True)
class LessonText:
    """The texts of one lesson; ``next`` is the name of the lesson that follows, "" after the last one.

    ``first_in`` has the first task of a part of the lesson where it is another one.
    """

    question: str
    first: str
    conclusion: str
    next: str
    first_in: dict[str, str] = field(default_factory=dict)


TEXTS: dict[str, LessonText] = {
    "home": LessonText(N_("How does a network read your digit?"), N_("draw one."), "", "linear_fit"),
    "tutorials": LessonText(
        N_("Which five tutorials come alive here, and where?"), N_("follow a step of the first one."), "", "home"
    ),
    "linear_fit": LessonText(
        N_("Can nn.Linear find a matrix from examples alone?"),
        N_("play it, then raise the learning rate until it fails."),
        N_("Each mini-batch gives a gradient; thousands of small steps against it find the matrix."),
        "two_layers",
    ),
    "two_layers": LessonText(
        N_("What does autograd do that you would have to write by hand?"),
        N_("choose a line and find it in the other programs."),
        N_("Four programs, one computation. autograd replaces the hand-written backward pass, optim the update."),
        "operators",
        {"mistakes": N_("choose the line that is wrong.")},
    ),
    "operators": LessonText(
        N_("What does an operator do to shapes and numbers?"),
        N_("change a number of x."),
        N_("Every operator has a shape rule, a formula for each cell, and gradients that follow from it."),
        "convolution",
    ),
    "convolution": LessonText(
        N_("How can one small kernel find edges everywhere?"),
        N_("drag stride to 2."),
        N_("The window, the sum behind each output, and the size formula that follows from both."),
        "lenet",
        {
            "practice": N_("predict the size of level 1."),
            "stack": N_("change kernel_size in a row."),
        },
    ),
    "lenet": LessonText(
        N_("What happens in one training step?"),
        N_("press ► or the right arrow key."),
        N_("Forward, loss, backward, update: each operation with its numbers, and where each gradient comes from."),
        "your_code",
    ),
    "your_code": LessonText(
        N_("What does your own program do, line by line?"),
        N_("run the program that is there."),
        N_("Every torch call with its shapes and values, and the reason where one fails."),
        "what_goes_wrong",
    ),
    "what_goes_wrong": LessonText(
        N_("Why does this program fail, or not learn?"),
        N_("guess what the first program does."),
        N_("Many mistakes raise no error; a number gives them away."),
        "digits",
    ),
    "digits": LessonText(
        N_("What does the network learn from?"),
        N_("choose another image."),
        N_("An image becomes a normalised tensor, and a batch stacks many of them."),
        "train",
    ),
    "train": LessonText(
        N_("How does a network learn to read digits?"),
        N_("press Start."),
        N_("The loss falls, the filters take shape. The test accuracy is about digits that the network never saw."),
        "runs",
    ),
    "runs": LessonText(
        N_("Which setting made the difference?"),
        N_("choose two runs."),
        N_("Two curves, and the settings in which their runs differ."),
        "experiments",
    ),
    "experiments": LessonText(
        N_("Is the difference more than chance?"),
        N_("choose a question and start it."),
        N_("Several seeds for each setting say how far a difference can be trusted."),
        "draw",
    ),
    "draw": LessonText(
        N_("Why does the network answer what it answers?"),
        N_("draw a digit."),
        N_("What the network sees, what each layer makes of it, and which pixels speak for the answer."),
        "home",
    ),
}


def opening(name: str, part: str = "") -> str:
    """Return the line that lesson ``name``, or a part of it, opens with, as Markdown in the reader's language."""
    text = TEXTS[name]
    return f"**{_(text.question)}** " + _("First: {task}", task=_(text.first_in.get(part, text.first)))


def ending(name: str) -> None:
    """Show what one has seen in lesson ``name``, and the way to the next one."""
    part = TEXTS[name]
    if not part.conclusion:
        return
    with st.container(key="lesson_end", border=True):
        st.markdown(f"**{_('What you have seen')}** — {_(part.conclusion)}")
        title = _(lessons.by_name(part.next).title)
        lessons.link(part.next, _("Next: {lesson}", lesson=title) + " →")
