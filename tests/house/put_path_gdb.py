"""Runs inside gdb, on lethed: writes down which of our functions a put passes.

    gdb -batch -x put_path_gdb.py --args lethed …      with $PUT_PATH_OUT, a file for the answer

Three threads carry a put, and each is asked where it stands at the point where it hands over: the
handler's when it queues the call, the worker's when it queues the batch, the journal's when it
writes. Nothing is stopped for longer than it takes to look.
"""

import json
import os

import gdb

# What only a put passes, and what of it marks each thread's stack.
PUT = "RecordCalls::Create"
found = {}


def frames():
    """Names and files of this thread's stack, outermost first."""
    stack, frame = [], gdb.newest_frame()
    while frame is not None:
        table = frame.find_sal().symtab
        stack.append((frame.name() or "", table.filename if table else ""))
        frame = frame.older()
    return stack[::-1]


class Look(gdb.Breakpoint):
    """Keeps the first stack that is one of a put's; never stops the program."""

    def __init__(self, place, carrier, is_put):
        super().__init__(place, internal=True)
        self.carrier, self.is_put = carrier, is_put

    def stop(self):
        if self.carrier not in found:
            stack = frames()
            if self.is_put([name for name, _ in stack]):
                found[self.carrier] = stack
        return False


def line_of(file, text):
    with open(file, encoding="utf-8") as lines:
        numbers = [n for n, line in enumerate(lines, 1) if text in line]
    assert len(numbers) == 1, f"{text} stands {len(numbers)} times in {file}"
    return f"{file}:{numbers[0]}"


gdb.execute("set pagination off")
gdb.execute("set confirm off")
gdb.execute("handle SIGTERM SIGPIPE nostop noprint pass")
Look("lethe::server::WorkerPool::Submit", "handler",
     lambda names: any("UnaryCall<lethe::v1::CreateRecordRequest" in name for name in names))
Look(line_of("vault/journal/journal.cc", "commits.push_back(&commit);"), "worker",
     lambda names: any(PUT in name for name in names))
# The journal writes for everybody; what it writes next after a put has queued is that put.
Look("RocksEngine::Write", "journal", lambda names: "worker" in found)
gdb.execute("run")
with open(os.environ["PUT_PATH_OUT"], "w", encoding="utf-8") as out:
    json.dump(found, out)
