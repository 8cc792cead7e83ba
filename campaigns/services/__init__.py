"""What the edges (views, commands, jobs) call.

`inventory` makes placements from a network, `problems` and `planning` make plans from briefs, `preparing` what both
need, `facts` says why, `exports` makes files, `booking` approves and books. Import from the module: `booking` is
light, the computing ones bring numba with them.
"""
