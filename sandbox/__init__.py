"""The sandbox: imitations of the venues outside, for local runs and tests, on the loopback only."""
