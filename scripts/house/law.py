"""What is allowed where. Who may include which room stands in the table of docs/architecture.md."""

# A floor may include itself and what stands in its row.
FLOORS = {
    "base": set(),
    "crypto": {"base"},
    "storage": {"base"},
    "vault": {"base", "crypto", "storage"},
    "server": {"base", "crypto", "storage", "vault"},
    "cli": {"base", "crypto", "storage", "vault"},
}
# Floors that are one room, whatever folders they hold. On the others each folder of code is one.
ONE_ROOM = {"crypto", "storage"}
# Beside the house: may look into every floor, but no floor may look at them.
BESIDE = {"tests", "bench"}

# Headers of other people, by how their path begins, and who may see them. What is not named here
# (the standard library, the system, absl) is open to all. A file pattern narrows a floor further.
FOREIGN = [
    (r"sodium(\.h$|/)", {"base": "", "crypto": ""}),
    (r"openssl/", {"crypto": ""}),
    (r"rocksdb/", {"storage": r"^storage/rocks_"}),
    (r"(grpc|grpcpp|google/protobuf)/|.*\.pb\.h$", {"server": "", "cli": ""}),
    (r"nlohmann/", {"vault": "", "server": "", "cli": ""}),
    (r"yaml-cpp/", {"base": r"^base/text/yaml\.cc$"}),
    (r"spdlog/", {"server": "", "cli": ""}),
    (r"CLI/", {"server": "", "cli": ""}),
]
# Words that no file of a floor may hold, in whatever case: what it must not even know by name.
WORDS = [(r"rocksdb", "vault")]

# Folders of tests that mirror no room, and why.
TESTS_APART = {
    "tests/vault/image": "reads the raw bytes of a disk, whichever room wrote them",
    "tests/vault/whole": "attacks, crashes and faults of the vault as one thing",
    "tests/server/wire": "the whole server over real connections, on made-up facets",
    "tests/cli/support": "what the tests of several rooms start and script",
}
MIRRORS = ["tests/vault", "tests/server", "tests/cli"]

TABLE_FILE = "docs/architecture.md"
TABLE_BEGIN = "<!-- rooms: read by scripts/check_house.py -->"
TABLE_END = "<!-- end of rooms -->"

ROOM_FILES = 30
LISTED_LINES = 220
FAILED_LINES = 400
FUNCTION_LINES = 60
CODE = {".h", ".cc"}
MEASURED = CODE | {".sh", ".py", ".mjs", ".cmake", ".proto", ".tpl"}
MEASURED_FOLDERS = [*FLOORS, *sorted(BESIDE), "proto", "cmake", "scripts", "helm"]
