"""TCP ports on the loopback: is one free, and which are."""

import random
import socket

LOOPBACK = "127.0.0.1"
_BELOW_EPHEMERAL = range(20_000, 32_000)


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Pick free ports below the range that outgoing connections use, so none is taken in between."""
    candidates = random.sample(_BELOW_EPHEMERAL, k=len(_BELOW_EPHEMERAL))
    found = [port for port, _ in zip(filter(is_free, candidates), range(count), strict=False)]
    if len(found) < count:
        raise OSError(f"fewer than {count} free ports on the loopback")
    return found
