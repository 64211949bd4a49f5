import socket

from cli.stack.ports import LOOPBACK, free_ports, is_free


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    (port,) = free_ports(1)
    assert is_free(port)

    with socket.create_server((LOOPBACK, port)):
        assert not is_free(port)


def test_free_ports_are_different_ones() -> None:
    ports = free_ports(6)

    assert len(set(ports)) == 6
