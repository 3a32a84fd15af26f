#!/usr/bin/env python3
"""Checks the law of the house: floors, rooms, third-party headers, include guards, lengths.

    scripts/check_house.py [--root DIR] [--functions]

An include points to its own room or to one that the table in docs/architecture.md allows; never to
a higher floor, never sideways to another, never in a circle. Each floor sees only the libraries
listed for it in scripts/house/law.py. Files over 220 lines are listed, over 400 they fail, as does
a room of more than 30 files. --functions also lists functions over 60 lines (needs
universal-ctags).
Exit: 0 the house stands, 1 it does not, 2 wrong use.
"""

import argparse
import sys
from pathlib import Path

from house.files import files_of
from house.includes import circle_faults, guard_faults, include_faults, word_faults
from house.law import CODE, FLOORS
from house.lengths import report_functions, report_lengths
from house.rooms import report_rooms


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--functions", action="store_true")
    args = parser.parse_args()
    if not any(files_of(args.root, FLOORS, CODE)):
        parser.error(f"no floors in {args.root}")

    faults = []
    for check in (include_faults, circle_faults, guard_faults, word_faults, report_rooms,
                  report_lengths):
        faults += check(args.root)
    if args.functions:
        report_functions(args.root)
    for fault in faults:
        print(f"FAULT {fault}")
    print("the house stands" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
