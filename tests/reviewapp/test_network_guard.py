"""The guard that closes sockets in tests is itself tested: a guard that lets everything through looks just the same."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fixtures.network import BeyondLoopbackError

ELSEWHERE = ("192.0.2.1", 80)  # RFC 5737: documentation, never routed


def test_a_tcp_connection_to_elsewhere_is_refused() -> None:
    with pytest.raises(BeyondLoopbackError, match=r"192\.0\.2\.1"):
        socket.create_connection(ELSEWHERE, timeout=1)


def test_connect_ex_to_elsewhere_is_refused() -> None:
    with socket.socket() as mine, pytest.raises(BeyondLoopbackError):
        mine.connect_ex(ELSEWHERE)


def test_a_datagram_to_elsewhere_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine,
        pytest.raises(BeyondLoopbackError),
    ):
        mine.sendto(b"hello", ELSEWHERE)


def test_an_ipv6_connection_to_elsewhere_is_refused() -> None:
    with socket.socket(socket.AF_INET6) as mine, pytest.raises(BeyondLoopbackError):
        mine.connect(("2001:db8::1", 80, 0, 0))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(BeyondLoopbackError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 443)


def test_asyncio_goes_through_the_guard_too() -> None:
    async def reach_out() -> None:
        await asyncio.open_connection(*ELSEWHERE)

    with pytest.raises(BeyondLoopbackError), ThreadPoolExecutor() as elsewhere:  # a browser's loop may run in this one
        elsewhere.submit(asyncio.run, reach_out()).result()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()
