"""Benchmarks: ratios within one run and peak memory, never seconds to remember. ``python -m benchmarks [NAME...]``."""
