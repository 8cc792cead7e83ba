"""Figures for Prometheus at `/metrics`, with the extra `metrics`, for those whom PUFA_METRICS_FROM names."""
