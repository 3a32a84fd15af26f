"""The rooms of the house and the doors between them.

A room is a folder with code directly in it. A door leads from one room to another where a file of
the first includes a header of the second.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from house.files import files_of, includes_of
from house.graph import circles, levels, two_way_pairs, way_around
from house.law import CODE, FLOORS, MIRRORS, ONE_ROOM, ROOM_FILES, TABLE_FILE, TESTS_APART
from house.table import TableError, allowed, read_table, table_faults, unused


@dataclass(frozen=True)
class Rooms:
    sizes: dict  # Loose files by room.
    doors: dict  # From (room, other) to the includes, as (name:line, header).

    def graph(self, within=""):
        graph = {room: set() for room in self.sizes if room.startswith(within)}
        for room, other in self.doors:
            if room in graph and other in graph:
                graph[room].add(other)
        return graph


def floor_of(name):
    return name.split("/")[0]


def room_of(name):
    return floor_of(name) if floor_of(name) in ONE_ROOM else name.rpartition("/")[0]


def survey(root):
    code = list(files_of(root, FLOORS, CODE))
    rooms = {room_of(name) for name in code}
    loose = (name for name in files_of(root, FLOORS) if not name.endswith("/CMakeLists.txt"))
    sizes = Counter(room for room in map(room_of, loose) if room in rooms)
    doors = defaultdict(list)
    for name in code:
        for line, quoted, header in includes_of(root, name):
            room, other = room_of(name), room_of(header)
            if quoted and other in rooms and other != room:
                doors[room, other].append((f"{name}:{line}", header))
    return Rooms(sizes, doors)


def print_figures(rooms):
    graph = rooms.graph()
    found = circles(graph)
    largest = f", the largest of {len(found[0])} rooms" if found else ""
    fullest, files = max(rooms.sizes.items(), key=lambda item: item[1])
    print(f"rooms: {len(graph)}")
    print(f"edges: {len(rooms.doors)}")
    print(f"two-way pairs: {len(two_way_pairs(graph))}")
    print(f"cycles: {len(found)}{largest}")
    print(f"floors inside vault/: {levels(rooms.graph('vault'))}")
    print(f"fullest room: {fullest}/ with {files} files")


def shape_faults(rooms):
    graph = rooms.graph()
    for a, b in two_way_pairs(graph):
        there, back = rooms.doors[a, b][0][0], rooms.doors[b, a][0][0]
        yield f"{a}/ and {b}/ include each other: {there} and {back}"
    for circle in circles(graph):
        if len(circle) > 2:  # Two are a two-way pair.
            way = " -> ".join(way_around(graph, circle[0]))
            yield f"{len(circle)} rooms in a circle: {', '.join(circle)}; one way round: {way}"
    for room, files in sorted(rooms.sizes.items()):
        if files > ROOM_FILES:
            yield f"{room}/: {files} files, a room holds at most {ROOM_FILES}"


def door_faults(rooms, table):
    """Includes between rooms that have a row each and may not meet, though their floors may."""
    graph = allowed(table)
    for (room, other), includes in sorted(rooms.doors.items()):
        floors = FLOORS[floor_of(room)] | {floor_of(room)}
        known = room in graph and other in graph and floor_of(other) in floors
        if known and other not in graph[room]:
            for place, header in includes:
                yield f'{place}: "{header}": {TABLE_FILE} does not let {room}/ include {other}/'


def mirror_faults(root, rooms):
    folders = {name.rpartition("/")[0] for name in files_of(root, MIRRORS)}
    for folder in sorted(folders):
        apart = any((folder + "/").startswith(other + "/") for other in TESTS_APART)
        room = folder.removeprefix("tests/")
        if folder not in MIRRORS and room not in rooms.sizes and not apart:
            yield f"{folder}/ mirrors no room: there is no {room}/ with code"


def report_rooms(root):
    """Prints the figures and the permissions nobody uses; returns the faults."""
    rooms = survey(root)
    print_figures(rooms)
    faults = [*shape_faults(rooms), *mirror_faults(root, rooms)]
    try:
        table = read_table(root)
    except TableError as error:
        return [*faults, str(error)]
    for row, name in unused(table, rooms.doors):
        print(f"unused permission: {row.room} may include {name} ({row.place()})")
    return [*faults, *table_faults(table, rooms.sizes.keys()), *door_faults(rooms, table)]
