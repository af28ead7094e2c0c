"""The page in either language, with every network, with nonsense in its address, with your own module."""

from __future__ import annotations

import queue
import re
import sys
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

from core import i18n
from core.claims.lenet import EXPERIMENTS as STEP
from core.claims.tutorials import EXPERIMENTS as TUTORIAL
from core.errors import InvalidSetting
from core.isolation.limits import Limits
from core.live.instrument import Ask
from core.live.lenet.answer import answer
from core.live.lenet.settings import SETTINGS
from core.recognise import readers
from core.training import checkpoint, run_folder
from core.training.config import TrainConfig
from core.training.run_controller import RunController
from core.walk import setup, trial_run
from pages.parts.lenet import step_settings

ROOT = Path(__file__).resolve().parent.parent
STACK = "stack:1x12x12~conv-o3-k3~relu~max-k2~flatten"
ENGLISH = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}")  # three words in a row are a sentence nobody translated


@pytest.fixture(autouse=True)
def empty_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


def open_page(language: str = "en", state: dict | None = None, **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["lang"] = language
    for name, value in (state or {}).items():
        app.session_state[name] = value
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page("pages/lenet.py").run()


def walked(app: AppTest) -> bool:
    """Whether the page took a walk: its choice is kept."""
    return not app.exception and not app.error and "lenet_walk" in app.session_state


def refusal(app: AppTest) -> str:
    """The sentence in place of a step, as the drawing hears it."""
    values = {setting.name: app.session_state[f"lenet_{setting.name}"] for setting in SETTINGS}
    with pytest.raises(InvalidSetting) as refused:
        list(answer(Ask(values | {"source": app.session_state["lenet_offer"].name})))
    return i18n.translate_error("en", refused.value)


@pytest.mark.parametrize("network", ["lenet3", "two_layers", "linear_fit", STACK])
def test_every_network_is_walked_in_either_language(network: str) -> None:
    app = open_page("zh" if network == "lenet3" else "en", lenet_network=network)
    assert walked(app)
    assert app.session_state["lenet_walk"].walk.setup.choice.network == network


def test_whatever_is_chosen_the_page_takes_that_walk() -> None:
    app = open_page()
    for code in ("mnist", "reader"):
        app.selectbox(key="lenet_network").set_value(code).run()
        assert walked(app) and app.session_state["lenet_walk"].walk.setup.choice.network == code
    for key, codes in {"lenet_loss": setup.LOSSES, "lenet_opt": setup.OPTIMIZERS}.items():
        for code in codes:
            app.query_params[key] = code
            app.run()
            assert walked(app), (key, code)
            choice = app.session_state["lenet_walk"].walk.setup.choice
            assert code in (choice.loss, choice.optimizer)


def test_an_experiment_of_each_collection_runs_on_the_page_and_speaks_chinese() -> None:
    app = open_page("zh", lenet_tab="experiments")
    for key in (next(iter(STEP)), next(iter(TUTORIAL))):
        app.selectbox(key="lenet_exp").set_value(key).run()
        app.button(key="lenet_exp_run").click().run()
        assert not app.exception
        assert app.session_state["lenet_exp_done"][1].as_expected
        expectation = next(text.value for text in app.markdown if text.value.startswith("**直觉上："))
        for sentence in (expectation, app.info[0].value):
            assert re.search("[\u4e00-\u9fff]", sentence), sentence
            assert not ENGLISH.search(sentence), sentence
    titles = app.selectbox(key="lenet_exp").options
    assert len(titles) == len(STEP | TUTORIAL)
    assert all(re.search("[\u4e00-\u9fff]", title) for title in titles)


def test_a_stack_that_cannot_be_is_a_sentence() -> None:
    app = open_page(lenet_network="stack:1x2x2~conv-o3-k3")
    assert not app.exception and refusal(app)


def test_a_drawing_is_walked_and_without_one_the_page_says_where_to_draw() -> None:
    app = open_page(lenet_input="drawing")
    assert not app.exception and "Draw page" in refusal(app)
    stroke = {"type": "path", "path": [["M", 100, 60], ["L", 140, 220]], "left": 100, "top": 60, "strokeWidth": 18}
    app = open_page(lenet_input="drawing", state={"draw_saved": {"objects": [stroke]}})
    assert walked(app)
    picture = app.session_state["lenet_walk"].walk.setup.input
    assert picture.shape == (1, 1, 32, 32) and picture.max() > 2 > picture.min()


@pytest.mark.parametrize("nonsense", ["", "nan", "<b>", "stack:x~y"])
def test_nonsense_in_the_address_never_gives_a_traceback(nonsense: str) -> None:
    names = ["network", "loss", "opt", "lr", "input", "digit", "weights", "seed", "target", "before", "at", "exp"]
    app = open_page(**{f"lenet_{name}": nonsense for name in names})
    assert not app.exception


def test_a_module_of_your_own_comes_from_the_command_line_only(tmp_path, monkeypatch) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from torch import nn\nNet = lambda: nn.Sequential(nn.Linear(5, 4), nn.Tanh())\n")
    app = open_page(lenet_network="own", lenet_module=f"{file}:Net")
    assert walked(app) and app.session_state["lenet_walk"].walk.setup.choice.network == "lenet5"
    monkeypatch.setattr(sys, "argv", ["app.py", "--module", f"{file}:Net", "--input", "2,5"])
    app = open_page()
    assert walked(app) and app.session_state["lenet_walk"].walk.setup.choice.network == "own"
    monkeypatch.setattr(sys, "argv", ["app.py", "--module", f"{file}:Nobody", "--input", "2,5"])
    app = open_page()
    assert not app.exception and "Nobody" in refusal(app)


ENDINGS = {
    "exit": "os._exit(3)",
    "crash": "os.kill(os.getpid(), signal.SIGSEGV)",
    "memory": "self.held = torch.zeros(20_000_000_000)",
    "time": "[None for _ in iter(int, 1)]",
}


@pytest.mark.parametrize(
    ("place", "ending"), [("__init__", "exit"), ("__init__", "time"), ("forward", "crash"), ("forward", "memory")]
)
def test_a_module_that_ends_its_process_or_does_not_end_leaves_the_page(
    place, ending, tmp_path, monkeypatch
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "import os\nimport signal\nimport torch\nfrom torch import nn\n\n\n"
        "class Net(nn.Linear):\n"
        f"    def {place}(self, *given):\n"
        f"        {ENDINGS[ending]}\n"
    )
    monkeypatch.setattr(sys, "argv", ["app.py", "--module", f"{file}:Net", "--input", "2,5"])
    monkeypatch.setattr(trial_run, "LIMITS", Limits(seconds=5, memory_mb=2_000))
    app = open_page()
    assert not app.exception and refusal(app) and app.selectbox


def test_the_shipped_weights_are_walked() -> None:
    app = open_page(lenet_network="reader")
    assert walked(app)
    walked_with = app.session_state["lenet_walk"].walk.before
    shipped = readers.shipped().net.state_dict()
    assert all(torch.equal(tensor, shipped[name]) for name, tensor in walked_with.items())


def test_a_checkpoint_of_a_run_is_walked(tmp_path: Path) -> None:
    config = TrainConfig(dataset="digits", network="lenet5", epochs=1, threads=1)
    run = run_folder.create(tmp_path, config)
    assert RunController(run.path, queue.SimpleQueue(), lambda **_message: None).run() == 0
    learned = checkpoint.load_model(run.checkpoint("epoch-1").path).state_dict()
    for code in (f"{run.id}:epoch-1", f"{run.id}/epoch-1"):  # the second is what older addresses say
        app = open_page(lenet_network="lenet5", lenet_weights=code)
        assert walked(app)
        walked_with = app.session_state["lenet_walk"].walk.before
        assert all(torch.equal(tensor, learned[name]) for name, tensor in walked_with.items())
        assert app.session_state["lenet_weights"] == f"{run.id}:epoch-1"


def test_changes_of_a_link_are_kept_and_those_of_another_network_forgotten() -> None:
    app = open_page(lenet_changes="0.300:2.5")
    assert walked(app) and app.session_state["lenet_changes"] == "0.300:2.5"
    this_walk = app.session_state["lenet_walk"].walk
    text = step_settings.program(this_walk, "0.300:2.5")
    assert "input[0, 0, 9, 12] = 2.5" in text
    assert set(step_settings.program(this_walk, "0.999999999:1").splitlines()) <= set(text.splitlines())
    app.query_params["lenet_loss"] = "mse_random"
    app.run()
    assert app.session_state["lenet_changes"] == "0.300:2.5" == app.query_params["lenet_changes"]
    app.selectbox(key="lenet_network").set_value("two_layers").run()
    assert walked(app) and app.session_state["lenet_changes"] == "" and "lenet_changes" not in app.query_params
