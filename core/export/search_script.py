"""A search as one standalone PyTorch script: it trains its runs again, and asks Optuna for each before it does."""

from __future__ import annotations

from collections.abc import Sequence

from core.experiments.plan import Axis, Member
from core.experiments.proposals import FAILED
from core.experiments.search import Range, Search
from core.export.experiment_script import ACCURACY, runs_code

PROPOSE = '''
def propose(number):
    """Return what Optuna's sampler proposes for this run, from the accuracies of the runs before it."""
    sampler = optuna.samplers.TPESampler(seed=({seed} + number) % 2**32, constant_liar=True)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for index, params in TRIED.items():
        if index >= number:
            break
        ended = index <= number - AT_ONCE  # the others may still train
        state = optuna.trial.TrialState.COMPLETE if ended else optuna.trial.TrialState.RUNNING
        value = accuracies[index] if ended else None
        study.add_trial(
            optuna.trial.create_trial(params=params, distributions=SPACE, value=value, state=state)
        )
    return {{name: rounded(name, value) for name, value in study.ask(SPACE).params.items()}}


def rounded(name, value):
    """Return the value with three digits, within its range."""
    if not isinstance(SPACE[name], optuna.distributions.FloatDistribution):
        return value
    return min(max(float(f"{{value:.3g}}"), SPACE[name].low), SPACE[name].high)
'''

MAIN = """
optuna.logging.set_verbosity(optuna.logging.WARNING)
accuracies = {{}}
for number, (name, run, settings) in zip(TRIED, RUNS, strict=True):
    print("Proposed:", propose(number), "tried:", TRIED[number])
    accuracy = accuracy_of(run, settings)
    print("Result:", name, [accuracy])
    accuracies[number] = {failed} if accuracy is None else accuracy
"""


def search_script(search: Search, members: Sequence[Member]) -> str:
    """Return the script of a search whose runs so far, without deleted ones, are ``members``."""
    space = [f"    {each.setting!r}: optuna.distributions.{_distribution(each)}," for each in search.space]
    tried = [
        f"    {member.index}: {dict(zip(search.settings, member.values, strict=True))!r}," for member in members
    ]
    facts = "\n".join([f"AT_ONCE = {search.at_once}", "SPACE = {", *space, "}", "TRIED = {", *tried, "}"])
    more = [
        facts,
        PROPOSE.format(seed=search.base.seed).strip(),
        ACCURACY.strip(),
        MAIN.format(failed=FAILED).strip(),
    ]
    return runs_code(search, members, ["import optuna"], 'PyTorch, the data and "optuna>=5,<6"', more)


def _distribution(dimension: Range | Axis) -> str:
    if isinstance(dimension, Axis):
        return f"CategoricalDistribution({dimension.values!r})"
    if dimension.whole:
        return f"IntDistribution({int(dimension.low)}, {int(dimension.high)}, log={dimension.log})"
    return f"FloatDistribution({float(dimension.low)!r}, {float(dimension.high)!r}, log={dimension.log})"
