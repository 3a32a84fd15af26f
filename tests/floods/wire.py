"""HTTP/2 over mutual TLS, as much of it as a flood and a plain caller need: raw frames, no library.

Headers are written literally and never decoded: of an answer only the frames count.
"""

import socket
import ssl
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
ACK = END_STREAM = 1
END_HEADERS = 4
WINDOW_MAX = (1 << 31) - 1
HEALTH_CHECK = "/grpc.health.v1.Health/Check"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def integer(value, prefix_bits):
    """RFC 7541, 5.1."""
    limit = (1 << prefix_bits) - 1
    if value < limit:
        return bytes([value])
    out, value = bytes([limit]), value - limit
    while value >= 128:
        out, value = out + bytes([value % 128 + 128]), value // 128
    return out + bytes([value])


def header(name, value):
    """A literal header that no table remembers."""
    name, value = name.encode(), value.encode()
    return b"\0" + integer(len(name), 7) + name + integer(len(value), 7) + value


def request_headers(path, *more):
    pairs = [(":method", "POST"), (":scheme", "https"), (":path", path), (":authority", "localhost"),
             ("content-type", "application/grpc"), ("te", "trailers"), *more]
    return b"".join(header(name, value) for name, value in pairs)


def text_field(number, value):
    """A string or message field of protobuf."""
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value):
    out = b""
    while value >= 128:
        out, value = out + bytes([value % 128 + 128]), value // 128
    return out + bytes([value])


def tls(ca, cert="", key=""):
    context = ssl.create_default_context(cafile=str(ca))
    context.set_alpn_protocols(["h2"])
    if cert:
        context.load_cert_chain(str(cert), str(key))
    return context


class Gone(Exception):
    """The server ended the connection."""


class Connection:
    """One HTTP/2 connection. `context` None: plaintext, as the health port speaks it."""

    def __init__(self, port, context, timeout=10.0):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is not None:
            self.sock = context.wrap_socket(self.sock, server_hostname="localhost")
        self.buffer = b""
        self.next_stream = 1
        self.send(PREFACE + frame(SETTINGS, 0, 0) +
                  frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", WINDOW_MAX - 65535)))

    def close(self):
        self.sock.close()

    def send(self, data):
        try:
            self.sock.sendall(data)
        except (OSError, ssl.SSLError) as error:
            raise Gone(str(error)) from error

    def receive(self):
        try:
            got = self.sock.recv(65536)
        except (OSError, ssl.SSLError) as error:
            raise Gone(str(error)) from error
        if not got:
            raise Gone("closed")
        self.buffer += got

    def next_frame(self):
        while len(self.buffer) < 9 or len(self.buffer) < 9 + int.from_bytes(self.buffer[:3], "big"):
            self.receive()
        size = int.from_bytes(self.buffer[:3], "big")
        kind, flags = self.buffer[3], self.buffer[4]
        stream = int.from_bytes(self.buffer[5:9], "big")
        payload, self.buffer = self.buffer[9:9 + size], self.buffer[9 + size:]
        if kind == SETTINGS and not flags & ACK:
            self.send(frame(SETTINGS, ACK, 0))
        if kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        return kind, flags, stream, payload

    def take_stream(self):
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        return stream

    def call(self, path, message, *more):
        """True where the answer has a message. `more`: metadata."""
        stream = self.take_stream()
        body = b"\0" + struct.pack(">I", len(message)) + message
        self.send(frame(HEADERS, END_HEADERS, stream, request_headers(path, *more)) +
                  frame(DATA, END_STREAM, stream, body))
        answered = False
        while True:
            kind, flags, at, payload = self.next_frame()
            if kind == GOAWAY:
                raise Gone("GOAWAY")
            if at != stream:
                continue
            if kind == RST_STREAM:
                return False
            answered = answered or kind == DATA and len(payload) > 0
            if kind in (HEADERS, DATA) and flags & END_STREAM:
                return answered


def times_of(connection, calls, path=HEALTH_CHECK, message=b""):
    """Seconds of each call, sorted."""
    times = []
    for _ in range(calls):
        begun = time.monotonic()
        assert connection.call(path, message), f"{path} was not answered"
        times.append(time.monotonic() - begun)
    return sorted(times)


def p99(times):
    return times[min(len(times) - 1, len(times) * 99 // 100)]
