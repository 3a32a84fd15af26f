"""Graphs as a dict from each node to the set of nodes it points to; small ones, so plainly done."""

from functools import cache


def reach(graph, start):
    """All nodes that a way leads to from start; start itself only if it stands in a circle."""
    seen, todo = set(), [start]
    while todo:
        news = graph[todo.pop()] - seen
        seen |= news
        todo += news
    return seen


def two_way_pairs(graph):
    return sorted((a, b) for a in graph for b in graph[a] if a < b and a in graph[b])


def circles(graph):
    """The strongly connected components of more than one node, the largest first."""
    far = {node: reach(graph, node) for node in graph}
    found = {frozenset(other for other in far[node] if node in far[other]) for node in graph}
    return sorted((sorted(circle) for circle in found if circle), key=lambda c: (-len(c), c))


def way_around(graph, start):
    """The shortest way from a node in a circle back to it, both ends named."""
    trails, seen = [[start]], set()
    for trail in trails:  # Grows while it is walked.
        if start in graph[trail[-1]]:
            return [*trail, start]
        news = sorted(graph[trail[-1]] - seen)
        seen.update(news)
        trails += [[*trail, node] for node in news]
    raise ValueError(f"{start} stands in no circle")


def levels(graph):
    """How many nodes the longest way passes; a circle counts as one."""
    far = {node: reach(graph, node) for node in graph}

    @cache
    def level(node):
        return 1 + max((level(below) for below in far[node] if node not in far[below]), default=0)

    return max(map(level, graph), default=0)
