#!/usr/bin/env python3
"""Writes what a search of the vault's files must not find, one pattern a line, for `grep -F -f`.

  needles.py --people FILE.json --patterns FILE [--control FILE]

Each personal value of each person stands there as it is, in hexadecimal (both cases), in UTF-16
(both byte orders) and in base64 at each of the three places a value can have within a group of
three bytes. With --control a file is written that holds one person's values in every one of these
forms, a line each: a search that does not find all of its lines proves nothing.
"""
import argparse
import base64
import json

# A shorter needle would hit by chance: 8 bytes do so once in 10^19 places.
NEEDLE_BYTES_MIN = 8


def base64_forms(value):
    """The characters of base64 that this value alone decides, whatever stands around it."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + value)
        first = (before * 8 + 5) // 6
        last = (before + len(value)) * 8 // 6
        yield text[first:last]


def forms(text):
    value = text.encode()
    yield value
    yield value.hex().encode()
    yield value.hex().upper().encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield from base64_forms(value)


def patterns_of(people):
    for person in people:
        for text in person["personal_values"]:
            assert len(text.encode()) >= NEEDLE_BYTES_MIN
            for form in forms(text):
                # grep takes a pattern a line.
                assert b"\n" not in form
                yield form


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", required=True)
    parser.add_argument("--patterns", required=True)
    parser.add_argument("--control")
    arguments = parser.parse_args()
    with open(arguments.people, encoding="utf-8") as file:
        people = json.load(file)
    with open(arguments.patterns, "wb") as out:
        for pattern in patterns_of(people):
            out.write(pattern + b"\n")
    if arguments.control:
        with open(arguments.control, "wb") as out:
            for pattern in patterns_of(people[-1:]):
                out.write(b"before " + pattern + b" after\n")


if __name__ == "__main__":
    main()
