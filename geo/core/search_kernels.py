"""Compiled inner loops of the optimiser. Call them through `geo.core.search` and `geo.core.bounds`.

One objective serves two modes. A placement's gain is `base + Σ_j w_j · e^(−s_j) · (1 − e^(−λ_ij))`, with s_j the
contacts that hotspot j has already: reach has no base; impressions are all base and no matrix.
Nothing runs in parallel and sums keep one order, so that equal inputs give equal bits.
"""
# ruff: noqa: PLR0917 - compiled loops take plain arrays

from __future__ import annotations

import numba
import numpy as np

from geo.core.minima_kernels import Flags, cheapest_member, count_in, helps, reserve
from geo.core.records import Floats, Ints

FREE_CNY = 1e-9
"""Below this a placement costs nothing; keeps contacts per yuan finite."""

STARS = 64
"""How many of the best placements far from a ruin may come in."""

NOISE = 0.15
"""Largest share by which a candidate's gain is played down at random, so that refills differ."""


@numba.njit(cache=True, error_model="numpy")
def gain_of(i: int, indptr: Ints, hotspot: Ints, hit: Floats, left: Floats, base: Floats) -> float:
    """What placement i adds when `left[j]` = w_j e^(−s_j) of hotspot j is still to be won; `hit` = 1 − e^(−λ)."""
    total = base[i]
    for q in range(indptr[i], indptr[i + 1]):
        total += left[hotspot[q]] * hit[q]
    return float(total)


@numba.njit(cache=True, error_model="numpy")
def _sift(heap: Ints, key: Floats, size: int, at: int) -> None:
    while True:
        top = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < size:
                a, b = heap[child], heap[top]
                if key[a] > key[b] or (key[a] == key[b] and a < b):
                    top = child
        if top == at:
            return
        heap[at], heap[top] = heap[top], heap[at]
        at = top


@numba.njit(cache=True, error_model="numpy")
def lazy_greedy(  # noqa: C901, PLR0912, PLR0915 - one hot loop
    indptr: Ints,
    hotspot: Ints,
    hit: Floats,
    weight: Floats,
    base: Floats,
    cost: Floats,
    bundle: Ints,
    bundles: int,
    need: Ints,
    group_starts: Ints,
    group_items: Ints,
    member_starts: Ints,
    member_groups: Ints,
    budget: float,
    start: Ints,
    per_yuan: bool,
) -> Ints:
    """`start`, then placements in the order in which greedy picks them, by gain or by gain per yuan.

    Gains only ever fall, so an old gain is an upper limit and most placements are never looked at again (Minoux 1978).
    Money for minima that are still missing is kept back; what greedy itself does not choose for them is bought at the
    end, cheapest first.
    """
    n = cost.size
    left = weight.copy()
    taken = np.zeros(bundles, np.bool_)
    inside = np.zeros(n, np.bool_)
    missing = need.copy()
    key = np.empty(n)
    stamp = np.zeros(n, np.int64)
    heap = np.arange(n)
    picks = np.empty(n, np.int64)
    count = 0
    for i in start:
        picks[count] = i
        count += 1
        budget -= cost[i]
        inside[i] = True
        if bundle[i] >= 0:
            taken[bundle[i]] = True
        count_in(i, 1, missing, member_starts, member_groups)
        for q in range(indptr[i], indptr[i + 1]):
            left[hotspot[q]] *= 1.0 - hit[q]
    kept = reserve(-1, missing, group_starts, group_items, member_starts, member_groups, cost, bundle, inside, taken)
    for i in range(n):
        key[i] = gain_of(i, indptr, hotspot, hit, left, base)
        if per_yuan:
            key[i] /= max(cost[i], FREE_CNY)
        stamp[i] = count
    size = n
    for at in range(n // 2 - 1, -1, -1):
        _sift(heap, key, size, at)
    while size > 0:
        i = heap[0]
        if key[i] <= 0.0:
            break
        after = kept
        if kept > 0.0 and not inside[i] and cost[i] <= budget:
            after = reserve(
                i, missing, group_starts, group_items, member_starts, member_groups, cost, bundle, inside, taken
            )
        if inside[i] or cost[i] + after > budget or (bundle[i] >= 0 and taken[bundle[i]]):
            size -= 1
            heap[0] = heap[size]
            _sift(heap, key, size, 0)
            continue
        if stamp[i] != count:
            key[i] = gain_of(i, indptr, hotspot, hit, left, base)
            if per_yuan:
                key[i] /= max(cost[i], FREE_CNY)
            stamp[i] = count
            _sift(heap, key, size, 0)
            continue
        picks[count] = i
        count += 1
        budget -= cost[i]
        kept = after
        inside[i] = True
        if bundle[i] >= 0:
            taken[bundle[i]] = True
        count_in(i, 1, missing, member_starts, member_groups)
        for q in range(indptr[i], indptr[i + 1]):
            left[hotspot[q]] *= 1.0 - hit[q]
        size -= 1
        heap[0] = heap[size]
        _sift(heap, key, size, 0)
    while True:
        i = cheapest_member(missing, group_starts, group_items, bundle, inside, taken)
        if i < 0 or cost[i] > budget:
            break
        picks[count] = i
        count += 1
        budget -= cost[i]
        inside[i] = True
        if bundle[i] >= 0:
            taken[bundle[i]] = True
        count_in(i, 1, missing, member_starts, member_groups)
    return picks[:count].copy()


@numba.njit(cache=True, error_model="numpy")
def _shift(
    k: int,
    sign: float,
    indptr: Ints,
    hotspot: Ints,
    contacts: Floats,
    col_indptr: Ints,
    col_placement: Ints,
    col_hit: Floats,
    weight: Floats,
    base: Floats,
    met: Floats,
    gain: Floats,
) -> float:
    """Add (sign 1) or remove (−1) placement k: update contacts met and all gains; returns the change of the value."""
    change = sign * base[k]
    for q in range(indptr[k], indptr[k + 1]):
        j = hotspot[q]
        before = np.exp(-met[j])
        met[j] = max(0.0, met[j] + sign * contacts[q])
        fall = weight[j] * (before - np.exp(-met[j]))
        change += fall
        for a in range(col_indptr[j], col_indptr[j + 1]):
            gain[col_placement[a]] -= fall * col_hit[a]
    return float(change)


@numba.njit(cache=True, error_model="numpy")
def _related(
    chosen: int,
    inside: Flags,
    indptr: Ints,
    hotspot: Ints,
    col_indptr: Ints,
    col_placement: Ints,
) -> int:
    """A member of the plan that shares people with a neighbour of `chosen`, by a random walk; −1 if there is none."""
    width = indptr[chosen + 1] - indptr[chosen]
    if width == 0:
        return -1
    j = hotspot[indptr[chosen] + np.random.randint(width)]
    rivals = col_indptr[j + 1] - col_indptr[j]
    rival = col_placement[col_indptr[j] + np.random.randint(rivals)]
    j = hotspot[indptr[rival] + np.random.randint(indptr[rival + 1] - indptr[rival])]
    rivals = col_indptr[j + 1] - col_indptr[j]
    first = np.random.randint(rivals)
    for a in range(rivals):
        other = col_placement[col_indptr[j] + (first + a) % rivals]
        if inside[other]:
            return int(other)
    return -1


@numba.njit(cache=True, error_model="numpy")
def ruin_and_recreate(  # noqa: C901, PLR0912, PLR0915 - one hot loop
    indptr: Ints,
    hotspot: Ints,
    contacts: Floats,
    col_indptr: Ints,
    col_placement: Ints,
    col_hit: Floats,
    weight: Floats,
    base: Floats,
    cost: Floats,
    bundle: Ints,
    bundles: int,
    need: Ints,
    group_starts: Ints,
    group_items: Ints,
    member_starts: Ints,
    member_groups: Ints,
    budget: float,
    current: Flags,
    first_gain: Floats,
    rounds: int,
    heat_from: float,
    heat_to: float,
    most_removed: int,
    seed: int,
) -> tuple[Flags, float]:
    """Improve a plan: take a few related placements out, refill greedily with some noise, keep what is not much worse.

    A plan is taken over although it is worse by a share of what the ruin took away; that share is `heat` times a
    random number and falls evenly over the rounds. Only placements that share people with those taken out, and the
    best of the others, are candidates to come in. `first_gain` holds the gains of the empty plan. `current` is where
    the walk starts, and holds where it ends. Returns the best plan met that keeps all minima, and its value.
    """
    np.random.seed(seed)
    n = cost.size
    inside = np.zeros(n, np.bool_)
    taken = np.zeros(bundles, np.bool_)
    missing = need.copy()
    met = np.zeros(weight.size)
    gain = first_gain.copy()
    spent, value = 0.0, 0.0
    members = np.empty(n, np.int64)
    place = np.full(n, -1, np.int64)
    count = 0
    for i in range(n):
        if current[i]:
            value += _shift(
                i, 1.0, indptr, hotspot, contacts, col_indptr, col_placement, col_hit, weight, base, met, gain
            )
            spent += cost[i]
            inside[i] = True
            if bundle[i] >= 0:
                taken[bundle[i]] = True
            count_in(i, 1, missing, member_starts, member_groups)
            members[count] = i
            place[i] = count
            count += 1
    best, best_value = inside.copy(), value
    stars = min(n, STARS)
    worth = np.empty(n)
    for i in range(n):
        worth[i] = -gain[i] / max(cost[i], FREE_CNY) if not inside[i] else np.inf
    star = np.argsort(worth, kind="mergesort")[:stars]
    pool = np.empty(n, np.int64)
    stamp = np.full(n, -1, np.int64)
    moved = np.empty(2 * n + most_removed, np.int64)
    for r in range(rounds):
        before, moves = value, 0
        lead = -1
        width = 0
        for a in range(stars):
            pool[width] = star[a]
            stamp[star[a]] = r
            width += 1
        if count > 0:
            wanted = 1 + np.random.randint(min(most_removed, count))
            lead = members[np.random.randint(count)]
            victim = lead
            for _ in range(4 * most_removed):
                if victim >= 0 and inside[victim]:
                    value += _shift(
                        victim,
                        -1.0,
                        indptr,
                        hotspot,
                        contacts,
                        col_indptr,
                        col_placement,
                        col_hit,
                        weight,
                        base,
                        met,
                        gain,
                    )
                    spent -= cost[victim]
                    inside[victim] = False
                    if bundle[victim] >= 0:
                        taken[bundle[victim]] = False
                    count_in(victim, -1, missing, member_starts, member_groups)
                    count -= 1
                    members[place[victim]] = members[count]
                    place[members[count]] = place[victim]
                    moved[moves] = victim
                    moves += 1
                    if stamp[victim] != r:
                        stamp[victim] = r
                        pool[width] = victim
                        width += 1
                    for q in range(indptr[victim], indptr[victim + 1]):
                        j = hotspot[q]
                        for a in range(col_indptr[j], col_indptr[j + 1]):
                            other = col_placement[a]
                            if stamp[other] != r:
                                stamp[other] = r
                                pool[width] = other
                                width += 1
                if moves == wanted or count == 0:
                    break
                victim = _related(lead, inside, indptr, hotspot, col_indptr, col_placement)
                if victim < 0:
                    victim = members[np.random.randint(count)]
        lost = before - value
        per_yuan = np.random.random() < 0.5
        kept = reserve(
            -1, missing, group_starts, group_items, member_starts, member_groups, cost, bundle, inside, taken
        )
        while True:
            pick, top = -1, 0.0
            for at in range(width):
                i = pool[at]
                if inside[i] or spent + cost[i] > budget or gain[i] <= 0.0:
                    continue
                if bundle[i] >= 0 and taken[bundle[i]]:
                    continue
                if kept > 0.0 and spent + cost[i] + kept > budget:
                    if not helps(i, missing, member_starts, member_groups):
                        continue
                    if (
                        spent
                        + cost[i]
                        + reserve(
                            i,
                            missing,
                            group_starts,
                            group_items,
                            member_starts,
                            member_groups,
                            cost,
                            bundle,
                            inside,
                            taken,
                        )
                        > budget
                    ):
                        continue
                key = gain[i] / max(cost[i], FREE_CNY) if per_yuan else gain[i]
                key *= 1.0 - NOISE * np.random.random()
                if i == lead:
                    key *= 0.9
                if key > top:
                    pick, top = i, key
            # Gains drift by rounding; what is left of one is not worth buying.
            if pick < 0 or gain[pick] <= 1e-12 * (1.0 + value):
                # What greedy does not want for the minima is bought for little money.
                pick = cheapest_member(missing, group_starts, group_items, bundle, inside, taken)
                if pick < 0 or spent + cost[pick] > budget:
                    break
            value += _shift(
                pick, 1.0, indptr, hotspot, contacts, col_indptr, col_placement, col_hit, weight, base, met, gain
            )
            spent += cost[pick]
            inside[pick] = True
            if bundle[pick] >= 0:
                taken[bundle[pick]] = True
            count_in(pick, 1, missing, member_starts, member_groups)
            if kept > 0.0:
                kept = reserve(
                    -1, missing, group_starts, group_items, member_starts, member_groups, cost, bundle, inside, taken
                )
            members[count] = pick
            place[pick] = count
            count += 1
            moved[moves] = pick
            moves += 1
        whole = missing.size == 0 or missing.max() <= 0
        if whole and value > best_value + 1e-12 * abs(best_value):
            best_value = value
            best[:] = inside
        heat = heat_from + (heat_to - heat_from) * r / rounds
        if not whole or value < before + heat * lost * np.log(np.random.random() + 1e-12):
            for back in range(moves - 1, -1, -1):
                i = moved[back]
                sign = -1.0 if inside[i] else 1.0
                value += _shift(
                    i, sign, indptr, hotspot, contacts, col_indptr, col_placement, col_hit, weight, base, met, gain
                )
                spent += sign * cost[i]
                inside[i] = not inside[i]
                if bundle[i] >= 0:
                    taken[bundle[i]] = inside[i]
                count_in(i, 1 if inside[i] else -1, missing, member_starts, member_groups)
                if inside[i]:
                    members[count] = i
                    place[i] = count
                    count += 1
                else:
                    count -= 1
                    members[place[i]] = members[count]
                    place[members[count]] = place[i]
    current[:] = inside
    return best, best_value
