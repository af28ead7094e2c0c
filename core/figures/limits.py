"""Where an axis ends at the latest: around a single value Plotly shows one less and one more, possible or not."""

COUNT = {"clipmin": 0}  # steps, examples, a loss
SHARE = {"clipmin": -0.02, "clipmax": 1.02}  # an accuracy, with room for a whole point at 0 and 1
