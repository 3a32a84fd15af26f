#!/usr/bin/env python3
"""Opens a record by hand: nothing of Lethe's, only docs/formats.md.

    open_a_row.py ARCHIVE HOLDER RECORD      RECORD: a record's UUID, or its whole name

ARCHIVE is a folder of the vault's archive, or of any copy of it of any age: every row that ever was
stands in it. HOLDER is a holder file: today's, or one that somebody kept although nobody may. Prints
every version of the record that the two open. Exit: 0 at least one does, 1 none does.
Needs python3-cryptography.
"""
import glob
import hashlib
import struct
import sys
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NODE, LEAF, TENANT, TENANT_SCOPE, PERIOD, SCOPE, RECORD = 2, 3, 8, 9, 10, 12, 14


def rows_of(archive):
    """Every version of every row: {table: {key: [value, ...]}}."""
    rows = {}
    for name in sorted(glob.glob(archive + "/*.lethe")):
        data, at = open(name, "rb").read(), 106
        while at + 76 <= len(data):
            size, = struct.unpack_from(">I", data, at + 24)
            body, at = data[at + 76:at + 76 + size], at + 76 + size + 32
            count, = struct.unpack_from(">I", body)
            i = 4
            for _ in range(count):
                kind, table, n = struct.unpack_from(">BBH", body, i)
                key, i = body[i + 4:i + 4 + n], i + 4 + n
                if kind == 1:
                    n, = struct.unpack_from(">I", body, i)
                    rows.setdefault(table, {}).setdefault(key, []).append(body[i + 4:i + 4 + n])
                    i += 4 + n
    return rows


def unseal(key, sealed, aad):
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], aad)


def derive(parent, label, *inputs):
    return hashlib.blake2b(label.ljust(16).encode() + b"".join(inputs), key=parent, digest_size=32).digest()


def sized(text):
    return struct.pack(">H", len(text)) + text


class Tree:
    """The key tree as one root opens it."""

    def __init__(self, rows, slot):
        self.rows, self.vault = rows, slot[10:26]
        generation, = struct.unpack_from(">Q", slot, 26)
        root = slot[78:110]
        levels = max(key[0] for key in rows[NODE] if struct.unpack(">Q", key[9:])[0] == generation)
        self.groups, self.leaves = {}, {}
        self.walk(levels, 0, generation, root)

    def walk(self, level, index, generation, key):
        if level == 0:
            self.groups[index] = (generation, key)
        name = struct.pack(">BQQ", level, index, generation)
        for row in self.rows[NODE].get(name, []):
            body = unseal(key, row[33:], b"lethe.node.v1" + self.vault + name)
            if level > 0:
                for i in range(64):
                    child = body[40 * i:40 * i + 40]
                    self.walk(level - 1, index * 64 + i, struct.unpack(">Q", child[:8])[0], child[8:])
            else:
                bits, secrets = struct.unpack(">Q", body[:8])[0], body[8:]
                for slot in (i for i in range(64) if bits >> i & 1):
                    self.leaves[struct.pack(">QB", index, slot)], secrets = secrets[:32], secrets[32:]

    def secret(self, place):
        """The leaf's: from its group's row, or from its first wrapping while the group stands."""
        if place in self.leaves:
            return self.leaves[place]
        generation, key = self.groups[struct.unpack(">Q", place[:8])[0]]
        for row in self.rows[LEAF].get(place, []):
            if struct.unpack(">Q", row[1:9])[0] == generation:
                return unseal(key, row[9:69], b"lethe.leaf.v1" + self.vault + place + row[1:9])
        raise KeyError("the leaf is dead")


def row_aad(table, key, clear):
    return b"lethe.row.v1" + bytes([table]) + key + clear


def open_record(rows, tree, key, row):
    tenant, subject, record = key[:16], key[16:32], key[32:]
    tenant_row = rows[TENANT][tenant][-1]
    tenant_secret = tree.secret(tenant_row[1:10])
    about = unseal(derive(tenant_secret, "lethe.tenantrow1"), tenant_row[10:],
                   row_aad(TENANT, tenant, tenant_row[:10]))
    name = about[2:2 + struct.unpack(">H", about[:2])[0]]
    flags, version, selector, period = row[1:5], row[5:9], row[9:17], row[17:25]
    clear, sealed = row[:138], row[138:]
    size, = struct.unpack(">I", row[134:138])
    period_secret = bytes(32) if period == bytes(8) else tree.secret(rows[PERIOD][tenant + period][-1][2:11])
    category_secret = tree.secret(rows[SCOPE][tenant + subject + selector][-1][1:10])
    record_secret = tree.secret(row[25:34])
    for scope, versions in rows[TENANT_SCOPE].items():
        if scope[:16] != tenant:
            continue
        id_key = derive(tenant_secret, "lethe.tscope.v1")
        category = unseal(id_key, versions[-1][10:], row_aad(TENANT_SCOPE, scope, versions[-1][:10]))
        category_key = derive(category_secret, "lethe.catkey.v1", tree.secret(versions[-1][1:10]), sized(name),
                              subject, category)
        data_key = derive(category_key, "lethe.datakey.v1", flags, record_secret, period_secret, record, version,
                          struct.pack(">I", 1))
        try:
            return unseal(data_key, sealed, row_aad(RECORD, key, clear))[:size]
        except InvalidTag:
            continue  # Of another category: the record does not say in clear of which it is.
    raise KeyError("no category opens it")


def main(archive, holder, record):
    rows, opened = rows_of(archive), 0
    slots = open(holder, "rb").read()
    wanted = uuid.UUID(record.rsplit("/", 1)[-1]).bytes
    for slot in (s for s in (slots[:4096], slots[1 << 20:(1 << 20) + 4096]) if any(s)):
        tree = Tree(rows, slot)
        for key, versions in rows[RECORD].items():
            for row in versions if key[32:] == wanted else []:
                try:
                    print(open_record(rows, tree, key, row).decode())
                    opened += 1
                except (KeyError, InvalidTag) as reason:
                    print("does not open:", reason, file=sys.stderr)
    return 0 if opened else 1


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
