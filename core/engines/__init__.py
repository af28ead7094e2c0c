"""Where runs train: worker processes here (``core.training.worker_pool``), or the nodes of a Ray cluster.

``choice.engine()`` returns the one that ``$STEPWISE_ENGINE`` names; ``core.training.engine`` says what both can do.

    server                                         a node of the cluster
    Cluster: queue, nodes, who trains where        Node: a WorkerPool of that machine, temporary folders
    RemoteRun: one run, its lock, its commands  →  begin(Package), obey(commands)
    Mirror: writes the run's folder             ←  news(Cursor): Update with events, checkpoints, status

Only ``ray_transport`` knows Ray: what lies between both sides is a ``Transport``.
"""
