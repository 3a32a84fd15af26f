"""Abuse of HTTP/2 by who has a connection already."""

import time

import server as lethed_server
import wire
from flood import compare, flood

RESET = b"\0\0\0\x08"  # CANCEL


def resets(connect, path):
    """One connection that begins calls and resets them until it is cut off."""
    headers = wire.request_headers(path)

    def step(over):
        client = connect()
        try:
            while not over.is_set():
                burst = b""
                for _ in range(100):
                    stream = client.take_stream()
                    burst += wire.frame(wire.HEADERS, wire.END_HEADERS, stream, headers)
                    burst += wire.frame(wire.RST_STREAM, 0, stream, RESET)
                client.send(burst)
        finally:
            client.close()
    return step


@flood
def rapid_reset(make):
    """Calls begun and reset by the holder of a certificate, who comes again when it is cut off."""
    server = make()
    before = len(server.lines())
    with lethed_server.watched(server) as figures:
        slow, held = compare(server, lambda: resets(server.connect, "/lethe.v1.VaultService/GetSubject"))
        figures.update(slow)
    assert figures["cut"] > 0, figures
    assert server.events(before, "peer_cut_off"), server.tail()
    assert held, figures


@flood
def rapid_reset_of_health(make):
    """The same on the health port, where nobody needs a certificate."""
    server = make()
    step = resets(lambda: wire.Connection(server.health_port, None), wire.HEALTH_CHECK)
    with lethed_server.watched(server) as figures:
        slow, held = compare(server, lambda: step)
        figures.update(slow)
    assert figures["cut"] > 0, figures
    assert held, figures


@flood
def cancelled_calls(make):
    """The control of rapid reset: a client that gives up some of its calls is not cut off."""
    server = make()
    headers = wire.request_headers("/lethe.v1.VaultService/GetSubject")
    with lethed_server.watched(server) as figures:
        client = server.connect()
        for _ in range(150):
            stream = client.take_stream()
            client.send(wire.frame(wire.HEADERS, wire.END_HEADERS, stream, headers) +
                        wire.frame(wire.RST_STREAM, 0, stream, RESET))
            assert client.call(wire.HEALTH_CHECK, b"")
        time.sleep(0.5)
        assert client.call(wire.HEALTH_CHECK, b"")
        for _ in range(300):
            stream = client.take_stream()
            client.send(wire.frame(wire.HEADERS, wire.END_HEADERS, stream, headers) +
                        wire.frame(wire.RST_STREAM, 0, stream, RESET))
            assert client.call(wire.HEALTH_CHECK, b"")
            assert client.call(wire.HEALTH_CHECK, b"")
        time.sleep(0.5)
        figures["alive"] = client.call(wire.HEALTH_CHECK, b"")
        client.close()
    assert figures["alive"]


@flood
def much_metadata(make):
    """Calls with 15 KiB of metadata, which is allowed, and with 64 KiB, which is not."""
    server = make()
    allowed = [("x-filler", "a" * (15 << 10))]
    whole = wire.request_headers(wire.HEALTH_CHECK, ("x-filler", "a" * (64 << 10)))

    def step(over):
        client = server.connect()
        try:
            while not over.is_set():
                assert client.call(wire.HEALTH_CHECK, b"", *allowed)
                stream = client.take_stream()
                pieces = [whole[i:i + 16000] for i in range(0, len(whole), 16000)]
                client.send(wire.frame(wire.HEADERS, wire.END_STREAM, stream, pieces[0]))
                for piece in pieces[1:-1]:
                    client.send(wire.frame(wire.CONTINUATION, 0, stream, piece))
                client.send(wire.frame(wire.CONTINUATION, wire.END_HEADERS, stream, pieces[-1]))
        finally:
            client.close()

    with lethed_server.watched(server) as figures:
        slow, held = compare(server, lambda: step)
        figures.update(slow)
    assert held, figures
