"""The journey of about an hour: every lesson, in the order in which they teach."""

from __future__ import annotations

from core.errors import N_
from core.journey.five_minutes import DRAW, LOOK, START, STOP, STRIDE
from core.journey.step import Journey, Step

FOUNDATIONS = (
    Step(
        "fit",
        "linear_fit",
        N_("Now one layer alone. nn.Linear looks for a matrix that is known. Play it, and watch the loss."),
    ),
    Step(
        "ways",
        "two_layers",
        N_("Two layers, written four ways. Choose a line of one program and find its work in the others."),
        query={"two_layers_part": "programs"},
    ),
    Step(
        "mistake",
        "two_layers",
        N_("This program has one wrong line. Find it, guess what happens, then open program 2."),
        query={"two_layers_part": "mistakes", "two_layers_mistake": "1"},
        address="two_layers_mistake=2",
        after=N_("Your guesses are kept: the first page shows them."),
    ),
    Step(
        "operator",
        "operators",
        N_("Everything is made of operators. This one turns scores into probabilities: change a number of x."),
        query={"operators_name": "Softmax"},
    ),
)
CONVOLUTION = (
    STRIDE,
    Step(
        "padding",
        "convolution",
        N_("At the border the window has no room. Set padding to 1."),
        "input[data-setting=padding]",
        {"convolution_part": "layer", "convolution_kind": "conv", "convolution_stride": "1"}
        | {"convolution_pad": "number", "convolution_padding": "0", "convolution_kernel": "3"},
        address="convolution_padding=1",
        after=N_("A border of zeros: the output is as large as the input again."),
    ),
    Step(
        "kernel",
        "convolution",
        N_("The nine weights decide what is found. Choose the kernel that blurs."),
        "select[data-setting=weights]",
        {"convolution_part": "layer", "convolution_weights": "sobel_x"},
        address="convolution_weights=blur",
        after=N_("The mean of nine neighbours. A network learns such weights by itself."),
    ),
    Step(
        "size",
        "convolution",
        N_("Which size comes out? Answer one exercise; the arithmetic follows."),
        query={"convolution_part": "practice"},
    ),
    Step(
        "stack",
        "convolution",
        N_("Layers on layers: add a row, and see what the shapes become."),
        query={"convolution_part": "stack"},
    ),
)
INSIDE = (
    Step(
        "forward",
        "lenet",
        N_("A digit goes through LeNet. Press the right arrow key until you reach the loss."),
        query={"lenet_network": "lenet5", "lenet_input": "digit", "lenet_loss": "cross_entropy", "lenet_at": "1"},
        element=".walk[data-phase=loss]",
        after=N_("Press any number to see what it was made of."),
    ),
    Step(
        "graph",
        "lenet",
        N_("The way back: autograd follows this graph from the loss to every weight."),
        query={"lenet_tab": "graph"},
    ),
    Step(
        "own",
        "your_code",
        N_("The same for any program. Run the one that is there, or paste your own."),
    ),
    Step(
        "wrong",
        "what_goes_wrong",
        N_("Most mistakes raise nothing. Guess what this program does, then run it."),
    ),
)
LEARNING = (
    Step("data", "digits", N_("What a network learns from: follow one image into a batch.")),
    Step(
        "train",
        "train",
        N_("Now train a network. Press Start."),
        query={"run": "new"},
        element=".examples",
        after=N_("The loss of every batch, the first filters, ten test digits with their changing answers."),
    ),
    Step("runs", "runs", N_("Two runs side by side: which setting made the difference?")),
    Step("chance", "experiments", N_("Is the difference more than chance? Several seeds say so.")),
    Step(
        "read",
        "draw",
        N_("Choose a network that you trained, draw a digit, and see which pixels speak for its answer."),
        "[class*=_canvas_frame]",
    ),
)
ONE_HOUR = Journey(N_("One hour"), (DRAW, LOOK, START, STOP, *FOUNDATIONS, *CONVOLUTION, *INSIDE, *LEARNING))
