#!/usr/bin/env python3
"""Floods of a real lethed over loopback: it keeps standing, and others are served.

    floods_test.py --build-dir DIR FLOOD

After each flood both ports answer a new connection within 5 seconds, nothing is sealed, the log has
at most 100 lines more, memory stays below twice idle + 256 MiB and comes back to idle + 64 MiB.
Exit: 0 it stood, 1 it did not, 2 wrong use, 77 not run (too few open files are allowed here).
"""

import argparse
import sys
import tempfile
from pathlib import Path

import connection_floods  # noqa: F401, registers its floods
import descriptor_floods  # noqa: F401
import protocol_floods  # noqa: F401
import server as lethed_server
from flood import FLOODS


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build-dir", type=Path, required=True)
    parser.add_argument("flood", choices=sorted(FLOODS))
    args = parser.parse_args()
    build = args.build_dir.resolve()
    with tempfile.TemporaryDirectory(prefix="lethe_flood_") as folder:
        servers = []

        def make(open_files=None, start=True):
            servers.append(lethed_server.Server(build / "server/lethed", build / "cli/lethe",
                                                Path(folder), open_files))
            if start:
                servers[0].start()
            return servers[0]

        try:
            FLOODS[args.flood](make)
            servers[0].stop()
        finally:
            for server in servers:
                server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
