"""What floods are made of, and what another client notices of them."""

import contextlib
import resource
import socket
import statistics
import sys
import threading
import time

import server as lethed_server
import wire

FLOODS = {}


def flood(function):
    FLOODS[function.__name__.replace("_", "-")] = function
    return function


def need_files(count):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard < count:
        print(f"not run: {count} open files are needed, {hard} are allowed")
        sys.exit(77)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def tcp_connections(port, count):
    """Those that were not refused at once."""
    sockets = []
    for _ in range(count):
        sock = socket.socket()
        sock.settimeout(2)
        with contextlib.suppress(OSError):
            sock.connect(("127.0.0.1", port))
            sockets.append(sock)
            continue
        sock.close()
    return sockets


def close_all(sockets):
    for sock in sockets:
        sock.close()


class Repeated(threading.Thread):
    """Does `step` again and again until `stop`; what ends a step by the server's doing is counted, what
    else ends one is a fault of the flood."""

    def __init__(self, step):
        super().__init__(daemon=True)
        self.step, self.over, self.steps, self.cut, self.fault = step, threading.Event(), 0, 0, None

    def run(self):
        while not self.over.is_set():
            try:
                self.step(self.over)
            except (wire.Gone, OSError):
                self.cut += 1
                self.over.wait(0.01)
            except Exception as fault:
                self.fault = fault
                return
            self.steps += 1

    def stop(self):
        self.over.set()
        self.join(20)
        assert not self.is_alive()
        if self.fault is not None:
            raise AssertionError("the flood itself failed") from self.fault
        assert self.steps > 0, "there was no flood"


def compare(server, make_step, calls=150, rounds=3):
    """p99 of another client, calm and under the flood, the median of rounds in turns."""
    subject = server.new_subject()
    ask = ("/lethe.v1.VaultService/GetSubject", server.get(subject))
    other = server.connect()
    calm, flooded, cut = [], [], 0
    for _ in range(rounds):
        calm.append(wire.p99(wire.times_of(other, calls, *ask)))
        attacker = Repeated(make_step())
        attacker.start()
        time.sleep(0.3)
        try:
            flooded.append(wire.p99(wire.times_of(other, calls, *ask)))
        finally:
            attacker.stop()
        cut += attacker.cut
    other.close()
    result = {"calm_p99_ms": round(1000 * statistics.median(calm), 1),
              "flooded_p99_ms": round(1000 * statistics.median(flooded), 1), "cut": cut}
    floor = max(statistics.median(calm), lethed_server.CALM_P99_MIN_S)
    return result, statistics.median(flooded) <= lethed_server.SLOWER_MAX * floor
