"""What lessons show before anything is set, when that takes seconds of work: done once, kept for all users."""

from __future__ import annotations


def prepare() -> None:
    """Train the linear fit and the four programs with the tutorial's settings."""
    from core.foundations.linear_fit import FitSettings, problem
    from core.foundations.two_layers import WaysSettings
    from core.live.linear_fit.run import trained
    from core.live.two_layers.run import together

    for _stretch in trained(FitSettings(), problem(FitSettings())):
        pass  # is kept
    for _losses in together(WaysSettings()):
        pass
