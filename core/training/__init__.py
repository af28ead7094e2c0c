"""Training: a run's configuration, its pure loop, its folder, its worker process, and ``jobs``, which starts runs.

What a page needs, and nothing else:

    from core.training import jobs, run_folder          # neither imports torch
    from core.training.config import TrainConfig, REAL, WHOLE, CHOICES, NETWORKS
    from core.settings import runs_folder

    runs = jobs.Jobs(runs_folder())                     # once per server (pages/shared/jobs.py); close() at its end
    run_id = runs.submit(TrainConfig(dataset="digits", epochs=3), name="first")    # raises InvalidSetting
    runs.command(run_id, "pause")                       # "resume" "batch" "epoch" "stop"
    runs.command(run_id, "learning_rate", value=0.1)    # marked on the curve: run.changes()
    runs.place(run_id)                                  # 2: second in the queue; None: does not wait

    run = run_folder.RunFolder(runs_folder(), run_id)   # cheap; open it again on every rerun
    status = run.status()                               # state, step, epoch, accuracy, seconds_left, …
    curve = run.curve(1500)                             # seen, loss, low, high: float64 arrays, flat cost
    run.tests()                                         # Tested: loss, accuracy, confusion, worst mistakes
    run.checkpoints()                                   # epoch-0, epoch-1, …, step-…; each with its folder `path`
    run_folder.list_runs(root), delete, lineage         # RunSummary: id, name, created, config, status

    from core.training import checkpoint                # imports torch
    checkpoint.load_model(path)                         # nn.Module in eval mode, of any whole checkpoint
    (path / "model.pth").read_bytes()                   # plain state_dicts, as the tutorial saves them
    runs.submit(config, model=NamedFile(name, content)) # start from uploaded weights (and optimizer=…)
    runs.continue_from(run_id, "epoch-3", config)       # a new run that knows its parent

    from core.training import archive, curves           # archive.export_run / import_run; curves.csv, tensorboard
    from core.export.training_script import training_script     # the run as one standalone PyTorch script

States: running, paused, waiting, interrupted, finished, stopped, diverged. A run does not depend on a tab: pages
only read its folder. A diverged run ends with a `Diverged` event in `run.events()`.
Invalid settings are rejected (`core.errors.InvalidSetting`); `WHOLE` and `REAL` hold the bounds for the widgets.
"""
