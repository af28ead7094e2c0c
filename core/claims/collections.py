"""Which experiments stand on which page."""

from __future__ import annotations

from core.claims import digits, lenet, linear_fit, running, tutorials, two_layers
from core.claims.experiment import Experiment, Outcome

OF_PAGE: dict[str, dict[str, Experiment]] = {
    "lenet": lenet.EXPERIMENTS | tutorials.EXPERIMENTS,
    "linear_fit": linear_fit.EXPERIMENTS,
    "two_layers": two_layers.EXPERIMENTS,
    "digits": digits.EXPERIMENTS,
}
EXPERIMENTS: dict[str, Experiment] = {key: one for page in OF_PAGE.values() for key, one in page.items()}


def run_of_page(page: str, name: str) -> Outcome:
    """Run the experiment ``name`` of ``page``: for another process, which has the experiments itself."""
    return running.run(OF_PAGE[page][name])
