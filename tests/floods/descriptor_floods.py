"""The end of the descriptor table, from without and from within."""

import contextlib
import resource
import uuid
from pathlib import Path

import server as lethed_server
import wire
from flood import close_all, flood, tcp_connections


@flood
def few_descriptors(make):
    """400 TCP connections without a certificate to each port, and an erase, with 256 files."""
    server = make(open_files=256)
    leaving = server.new_subject()
    staying = server.new_subject()
    before = len(server.lines())
    with lethed_server.watched(server) as figures:
        sockets = tcp_connections(server.port, 400) + tcp_connections(server.health_port, 400)
        figures["connected"] = len(sockets)
        erased, put = server.erase(leaving), server.put(staying)
        close_all(sockets)
        assert erased.returncode == 0, erased.stderr
        assert put.returncode == 0, put.stderr
    whys = {line["why"] for line in server.events(before, "connection_refused")}
    assert whys & {"connections", "handshakes", "descriptors", "EMFILE"}, server.tail()
    assert server.put(staying).returncode == 0


@flood
def too_few_descriptors(make):
    """The start is refused where not even a few connections fit, with the limit that is needed."""
    # Enough to open the vault with. 64 of them are its reserve and 32 the health port's, so that not
    # even 8 connections are left where the server itself has more than 16 open.
    server = make(open_files=128, start=False)
    with contextlib.suppress(AssertionError):
        server.start()
    assert server.process.wait(30) == 3, server.tail()
    text = server.tail()
    needed = int(text.split("must be at least ")[1].split(":")[0])
    server.open_files = needed
    server.start()
    server.stop()
    server.start()
    print({"needed": needed})


@flood
def descriptors_gone_within(make):
    """The limit is lowered under the running server until few are free: first new data is refused
    before it begins, then everything, nothing is sealed, and with room again all goes on."""
    server = make()
    leaving, staying = server.new_subject(), server.new_subject()
    assert server.put(staying).returncode == 0
    client = server.connect()
    hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)[1]
    with lethed_server.watched(server) as figures:
        other = server.connect()
        # A new connection is refused, so these come by the one that stands.
        for free in (24, 4):
            leave_free(server.pid, free, hard)
            figures[f"read_{free}"] = other.call("/lethe.v1.VaultService/GetSubject",
                                                 server.get(staying))
            figures[f"put_{free}"] = other.call("/lethe.v1.VaultService/CreateSubject",
                                                new_subject_message())
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (hard, hard))
        client.close()
        other.close()
    assert figures["read_24"] and not figures["put_24"], figures
    assert not figures["read_4"] and not figures["put_4"], figures
    assert server.put(staying).returncode == 0
    assert server.erase(leaving).returncode == 0
    assert "DESCRIPTOR_RESERVE" in server.log_file.read_text()


def leave_free(pid, count, hard):
    """Sets the limit so that the process may open `count` more."""
    used = {int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir()}
    limit, free = 0, 0
    while free < count:
        free += limit not in used
        limit += 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, hard))


def new_subject_message():
    return (wire.text_field(1, "tenants/demo") + wire.text_field(3, "service") +
            wire.text_field(4, str(uuid.uuid4())))
