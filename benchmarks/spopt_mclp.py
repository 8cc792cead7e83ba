"""One maximal-covering problem solved by spopt; `benchmarks.optimise` runs it with another environment's interpreter.

    PYTHON_WITH_SPOPT benchmarks/spopt_mclp.py PROBLEM.npz

Reads `sites`, `users` (metres), `people`, `radius_m`, `facilities`; prints CPU seconds, wall seconds and the people
covered. Imports are not counted; building the model and CBC, which runs as a child, are.
"""

import resource
import sys
import time

import numpy as np
import pulp
from scipy.spatial.distance import cdist
from spopt.locate import MCLP


def cpu_s() -> float:
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    problem = np.load(sys.argv[1])
    cpu, wall = cpu_s(), time.perf_counter()
    distances = cdist(problem["users"], problem["sites"])
    model = MCLP.from_cost_matrix(
        distances, problem["people"], float(problem["radius_m"]), p_facilities=int(problem["facilities"])
    )
    model = model.solve(pulp.PULP_CBC_CMD(msg=False))
    cpu, wall = cpu_s() - cpu, time.perf_counter() - wall
    chosen = [bool(served) for served in model.fac2cli]
    covered = (distances[:, chosen] <= float(problem["radius_m"])).any(axis=1)
    print(cpu, wall, float(problem["people"][covered].sum()))


if __name__ == "__main__":
    main()
