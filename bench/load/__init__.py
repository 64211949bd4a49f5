"""Load: many customers for minutes, below the ceiling and above it. See docs/benchmarks.md."""
