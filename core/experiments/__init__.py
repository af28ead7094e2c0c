"""Experiments: one question, many runs. A plan names settings with several values and a number of seeds.

``Plan`` (plan.py) says which runs; ``group`` keeps it beside the runs and starts, pauses and stops its members,
which are ordinary runs; ``results`` gathers what came of them; ``conclusions`` says what so many seeds can show
and what they cannot; ``estimate`` says before the start what it costs; ``range_test`` suggests a learning rate.
"""
