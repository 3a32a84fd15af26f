"""The table of rooms in docs/architecture.md: what each room is about and what it may include.

    | room | about | may include |
    |---|---|---|
    | `vault/*` | what every room of this floor may | `base` `storage` `model` |
    | `vault/model/` | the words of the vault | |
    | `vault/records/` | sealing and opening records | `keytree` `holders/pkcs11` |
    | `server/` | main | `server/*` `vault/*` |

A name that begins with a floor is whole; any other is a room of the row's own floor. `x/*` stands
for every room of x, the loose files of x itself among them. As a row it adds to what their own rows
allow, except that the rooms it names, being the ground of the others, get none of each other. Only
what is named may be included: no permission leads on to another.
"""

import re
from dataclasses import dataclass
from itertools import product

from house.files import text_of
from house.graph import circles, way_around
from house.law import FLOORS, TABLE_BEGIN, TABLE_END, TABLE_FILE

HEAD = ["room", "about", "may include"]
ROOM = re.compile(r"`([\w/]+?)(?:/|(/\*))`")
NAMES = re.compile(r"(`\w+(/\w+)*(/\*)?`( +|$))*")


class TableError(Exception):
    """What is wrong with the table, for whoever wrote it."""


@dataclass(frozen=True)
class Row:
    line: int
    room: str  # "vault/model", or "vault/*"
    names: tuple  # Likewise, all of them whole.

    def place(self):
        return f"{TABLE_FILE}:{self.line}"


def is_all(room):
    return room.endswith("/*")


def shown(room):
    return f"`{room}`" if is_all(room) else f"`{room}/`"


def whole(name, floor):
    return name if name.split("/")[0] in FLOORS else f"{floor}/{name}"


def row_of(line, cells):
    room = ROOM.fullmatch(cells[0]) if len(cells) == len(HEAD) else None
    if not room or not NAMES.fullmatch(cells[2]):
        raise TableError(f"{TABLE_FILE}:{line}: not a row like | `vault/x/` | text | `base` `y` |")
    names = [whole(name, room[1].split("/")[0]) for name in re.findall("`(.+?)`", cells[2])]
    return Row(line, room[1] + (room[2] or ""), tuple(names))


def lines_of_table(root):
    """(line, cells) of what begins with a bar between the two marks."""
    lines = text_of(root, TABLE_FILE).splitlines() if (root / TABLE_FILE).is_file() else []
    if TABLE_BEGIN not in lines or TABLE_END not in lines:
        raise TableError(f"{TABLE_FILE}: no table of rooms between {TABLE_BEGIN} and {TABLE_END}")
    first, last = lines.index(TABLE_BEGIN) + 1, lines.index(TABLE_END)
    for number, line in enumerate(lines[first:last], first + 1):
        if line.startswith("|"):
            yield number, [cell.strip() for cell in line.rstrip().removesuffix("|")[1:].split("|")]


def read_table(root):
    """The rows by their rooms."""
    lines = list(lines_of_table(root))
    if len(lines) < 2 or lines[0][1] != HEAD:
        raise TableError(f"{TABLE_FILE}: the table of rooms must begin | {' | '.join(HEAD)} |")
    table = {}
    for line, cells in lines[2:]:
        row = row_of(line, cells)
        if row.room in table:
            raise TableError(f"{row.place()}: {shown(row.room)} has a row already")
        table[row.room] = row
    return table


def members(table, name):
    """The rooms that a name stands for."""
    if not is_all(name):
        return {name} & table.keys()
    folder = name.removesuffix("/*")
    return {r for r in table if not is_all(r) and (r == folder or r.startswith(folder + "/"))}


def grants(table):
    """(row, name, room, other): by this name the row lets the room include the other."""
    for row in table.values():
        rooms = members(table, row.room)
        named = set().union(*(members(table, name) for name in row.names))
        ground = named & rooms if is_all(row.room) else set()
        for name in row.names:
            for room, other in product(rooms, members(table, name)):
                if room != other and not (room in ground and other in rooms):
                    yield row, name, room, other


def allowed(table):
    """The graph of what each room may include."""
    graph = {room: set() for room in table if not is_all(room)}
    for _, _, room, other in grants(table):
        graph[room].add(other)
    return graph


def table_faults(table, rooms):
    for row in table.values():
        if not members(table, row.room) & rooms:
            yield f"{row.place()}: {shown(row.room)} is no folder with code"
        for name in row.names:
            if not members(table, name):
                yield f"{row.place()}: `{name}` has no row"
    for room in sorted(rooms - table.keys()):
        yield f"{TABLE_FILE}: {shown(room)} has no row"
    graph = allowed(table)
    for circle in circles(graph):
        yield f"{TABLE_FILE}: the table goes in a circle: " + " -> ".join(
            way_around(graph, circle[0]))


def unused(table, edges):
    """(row, name) of each permission that no include needs."""
    every = {(row, name) for row in table.values() for name in row.names}
    used = {(row, name) for row, name, room, other in grants(table) if (room, other) in edges}
    return sorted(every - used, key=lambda found: (found[0].line, found[1]))
