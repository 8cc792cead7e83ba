"""What is counted of requests. Several web processes of one machine add up through PROMETHEUS_MULTIPROC_DIR."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

from config.metrics.state import State

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_counted = CollectorRegistry()
REQUESTS = Counter(
    "pufa_requests", "Requests that reached the product, by route.", ["route", "method", "status"], registry=_counted
)
SECONDS = Histogram(
    "pufa_request_seconds",
    "From the request to the beginning of its answer.",
    ["route"],
    buckets=BUCKETS_S,
    registry=_counted,
)
PAGES = Counter(
    "pufa_public_pages",
    "Public pages answered here: kept ones, and ones made anew. What nginx sends from the disk never comes here.",
    ["how"],
    registry=_counted,
)
for how in ("kept", "made"):
    PAGES.labels(how)


def written() -> bytes:
    """Everything, in Prometheus' text format: requests of all processes, and the state of the installation now."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)
        requests = generate_latest(registry)
    else:
        requests = generate_latest(_counted)
    state = CollectorRegistry()
    state.register(State())
    return requests + generate_latest(state)
