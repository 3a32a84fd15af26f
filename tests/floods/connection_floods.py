"""Masses of connections: begun, idle, silent."""

import contextlib
import ssl

import server as lethed_server
import wire
from flood import close_all, compare, flood, need_files, tcp_connections


@flood
def half_open_handshakes(make):
    """1,000 handshakes that are begun and never ended."""
    need_files(2048)
    server = make()
    hello = client_hello(server)
    kept = []

    def step(_over):
        for sock in tcp_connections(server.port, 100):
            with contextlib.suppress(OSError):
                sock.sendall(hello)
            kept.append(sock)
        while len(kept) > 1000:
            kept.pop(0).close()

    with lethed_server.watched(server) as figures:
        for _ in range(10):
            step(None)
        figures["kept"] = len(kept)
        slow, held = compare(server, lambda: step)
        figures.update(slow)
        close_all(kept)
    assert held, figures


def client_hello(server):
    out = ssl.MemoryBIO()
    half = server.no_certificate.wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        half.do_handshake()
    return out.read()


@flood
def idle_connections(make):
    """1,000 clients with certificates that call once and stay."""
    need_files(3072)  # The server takes two for each and keeps a quarter for the vault.
    server = make()
    with lethed_server.watched(server) as figures:
        clients = []
        for _ in range(1000):
            client = server.connect()
            assert client.call(wire.HEALTH_CHECK, b"")
            clients.append(client)
        # Nobody was sent away for another.
        figures["alive"] = sum(client.call(wire.HEALTH_CHECK, b"") for client in clients)
        for client in clients:
            client.close()
    assert figures["alive"] == 1000, figures


@flood
def clients_without_calls(make):
    """500 clients with certificates that connect and say nothing: each stays, since its handshake
    tells who it is."""
    need_files(2048)
    server = make()
    with lethed_server.watched(server) as figures:
        clients = [server.connect() for _ in range(500)]
        figures["alive"] = sum(client.call(wire.HEALTH_CHECK, b"") for client in clients)
        for client in clients:
            client.close()
    assert figures["alive"] == 500, figures
