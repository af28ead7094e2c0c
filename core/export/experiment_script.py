"""All runs of an experiment as one standalone PyTorch script that trains them again to the same accuracies."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from core.experiments.plan import Member, Plan
from core.experiments.search import Search
from core.export import training_script
from core.training.config import TrainConfig

ACCURACY = '''
def accuracy_of(run, settings):
    """Train once; return the final accuracy, None where the run diverged."""
    try:
        return run(**settings)
    except SystemExit as end:
        print(end)
        return None
'''

MAIN = """
results = {}
for name, run, settings in RUNS:
    results.setdefault(name, []).append(accuracy_of(run, settings))
for name, accuracies in results.items():
    print("Result:", name, accuracies)
"""


def experiment_script(plan: Plan) -> str:
    """Return the script of all runs of ``plan``."""
    return runs_code(plan, plan.members(), [], "PyTorch and the data", [ACCURACY.strip(), MAIN.strip()])


def runs_code(
    plan: Plan | Search, members: Sequence[Member], imports: Sequence[str], needs: str, rest: Sequence[str]
) -> str:
    """Return a script: ``imports`` beside those of the runs, the runs as functions and a list, then ``rest``.

    Runs that differ only in numbers share a function; other settings have one each.
    """
    functions: dict[str, str] = {}
    runs = []
    heads = dict.fromkeys(imports)
    for member in members:
        head, constants, lines, body = _parts(member.config)
        heads |= dict.fromkeys(head)
        parameters = ", ".join(constants)
        code = textwrap.indent("\n\n".join([*lines, body, "return test_accuracies[-1]"]), "    ")
        name = functions.setdefault(f"({parameters}):\n{code}", f"run_{len(functions)}")
        arguments = ", ".join(f"{key}={value}" for key, value in constants.items())
        runs.append(f"    ({_name(plan, member)!r}, {name}, dict({arguments})),")
    first = [f'"""{_title(plan, needs)}"""', "from __future__ import annotations", "", *sorted(heads, key=_order)]
    definitions = [f"def {name}{code}" for code, name in functions.items()]
    return "\n\n\n".join(["\n".join(first), *definitions, "\n".join(["RUNS = [", *runs, "]"]), *rest]) + "\n"


def _parts(config: TrainConfig) -> tuple[list[str], dict[str, str], list[str], str]:
    """Return a run's imports, its constants by name, the other lines among them, and the rest of its script."""
    head, settings, *rest = training_script.parts(config)
    imports = [line for line in head.splitlines() if line.startswith(("import ", "from "))][1:]
    constants: dict[str, str] = {}
    lines: list[str] = []
    for line in settings.splitlines():
        name, equals, value = line.split("  #")[0].partition(" = ")
        if equals and all(part.strip().isidentifier() for part in name.split(",")):
            constants |= dict(zip(name.split(", "), value.split(", "), strict=True))
        else:
            lines.append(line)
    return imports, constants, lines, training_script.joined(config, rest)


def _order(line: str) -> tuple[bool, str]:
    """Python's own modules come first."""
    return any(name in line for name in ("torch", "numpy", "optuna")), line


def _title(plan: Plan | Search, needs: str) -> str:
    text = " ".join(plan.hypothesis.replace("\\", "/").replace('"', "'").split()) or "An experiment"
    return f"{text}\n\n{plan.count} runs. Needs {needs}.\n"


def _name(plan: Plan | Search, member: Member) -> str:
    """Return the values of a member as the script prints them: "learning_rate 0.1, dropout True"."""
    pairs = zip(plan.settings, member.values, strict=True)
    return ", ".join(f"{setting} {value}" for setting, value in pairs) or "all"
