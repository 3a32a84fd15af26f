"""What floods are made of, and what another client notices of them."""

import contextlib
import multiprocessing
import os
import resource
import socket
import statistics
import sys
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


class Repeated:
    """Does `step` again and again until `stop`, in a process of its own at the lowest priority, which
    takes what the server and the other client leave it of this machine; what ends a step by the
    server's doing is counted, what else ends one is a fault of the flood."""

    def __init__(self, step):
        fork = multiprocessing.get_context("fork")  # A step is no module's function.
        self.over, self.told = fork.Event(), fork.SimpleQueue()
        self.process = fork.Process(target=self.run, args=(step,), daemon=True)
        self.cut = 0

    def start(self):
        self.process.start()

    def run(self, step):
        os.nice(19)
        steps, cut, fault = 0, 0, None
        while not self.over.is_set() and fault is None:
            try:
                step(self.over)
            except (wire.Gone, OSError):
                cut += 1
                self.over.wait(0.01)
            except Exception as error:
                fault = repr(error)
            steps += 1
        self.told.put((steps, cut, fault))

    def stop(self):
        self.over.set()
        self.process.join(20)
        assert self.process.exitcode == 0, "the flood did not end"
        steps, self.cut, fault = self.told.get()
        assert fault is None, f"the flood itself failed: {fault}"
        assert steps > 0, "there was no flood"


def compare(server, make_step):
    """p99 of another client, calm and under the flood, the median of rounds in turns; once more where
    it is not held, since absolute times are noise on shared machines."""
    subject = server.new_subject()
    ask = ("/lethe.v1.VaultService/GetSubject", server.get(subject))
    other = server.connect()
    calls, rounds = (600, 3) if lethed_server.JUDGED else (150, 1)
    for _ in range(2):
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
        calm_p99, flooded_p99 = statistics.median(calm), statistics.median(flooded)
        held = not lethed_server.JUDGED or flooded_p99 <= lethed_server.SLOWER_MAX * max(calm_p99, lethed_server.CALM_P99_MIN_S)
        if held:
            break
    other.close()
    result = {"calm_p99_ms": round(1000 * calm_p99, 1),
              "flooded_p99_ms": round(1000 * flooded_p99, 1), "cut": cut}
    return result, held
