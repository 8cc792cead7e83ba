"""What a worker compiles after an installation is what a plan then uses."""

from geo.core import kernels, score_kernels, search_kernels
from geo.core.warm import compile_kernels


def test_every_hot_loop_of_a_plan_is_compiled_beforehand():
    compile_kernels()
    for loop in (
        kernels.bin_points,
        kernels.sweep_lines,
        score_kernels.best_stretches,
        search_kernels.lazy_greedy,
        search_kernels.ruin_and_recreate,
    ):
        assert loop.signatures, loop.__name__
