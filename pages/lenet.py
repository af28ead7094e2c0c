"""LeNet, step by step: forward, loss, backward and update, one operation at a time, any number opened."""

from __future__ import annotations

from pages.parts.lenet import step
from pages.shared import frame

frame.opening("lenet")
with frame.error_boundary():
    step.show()
