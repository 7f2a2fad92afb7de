"""The server's port as a stranger sees it: TLS, and the least of HTTP/2 that a
health check needs."""

import socket
import ssl
import struct

PATIENCE = 30
_DATA, _HEADERS, _SETTINGS = 0, 1, 4
_END_STREAM, _END_HEADERS, _ACK = 1, 4, 1


def context(profile=None):
    """A client's context, with the certificate of a profile folder."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname = False  # The name is the chapter's, not the address.
    tls.set_alpn_protocols(["h2"])
    if profile:
        tls.load_verify_locations(profile / "ca.pem")
        tls.load_cert_chain(profile / "device.pem", profile / "device.key")
    else:
        tls.verify_mode = ssl.CERT_NONE
    return tls


def connect(address, tls):
    """A connection whose handshake is done on our side."""
    host, port = address.rsplit(":", 1)
    plain = socket.create_connection((host, int(port)), timeout=PATIENCE)
    try:
        return tls.wrap_socket(plain)
    except BaseException:
        plain.close()
        raise


def is_serving(address, profile):
    """What grpc.health.v1 says: whether the server serves."""
    with connect(address, context(profile)) as stream:
        stream.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" +
                       _frame(_SETTINGS, 0, 0, b"") +
                       _frame(_HEADERS, _END_HEADERS, 1, _request_headers()) +
                       _frame(_DATA, _END_STREAM, 1, b"\0\0\0\0\0"))
        answer = b""
        while len(answer) < 7:
            kind, flags, payload = _read_frame(stream)
            if kind == _SETTINGS and not flags & _ACK:
                stream.sendall(_frame(_SETTINGS, _ACK, 0, b""))
            elif kind == _DATA:
                answer += payload
            elif kind == _HEADERS and flags & _END_STREAM:
                raise AssertionError("no answer to the health check")
    # Five bytes of framing, then field 1: 1 is SERVING, 2 NOT_SERVING.
    assert answer[5:6] == b"\x08" and answer[6] in (1, 2), answer
    return answer[6] == 1


def _request_headers():
    headers = ((":method", "POST"), (":scheme", "https"),
               (":path", "/grpc.health.v1.Health/Check"),
               (":authority", "sodality"), ("te", "trailers"),
               ("content-type", "application/grpc"), ("grpc-timeout", "20S"))
    # Literals that no table holds.
    return b"".join(b"\0" + _text(name) + _text(value)
                    for name, value in headers)


def _text(text):
    return bytes([len(text)]) + text.encode()


def _frame(kind, flags, stream, payload):
    return (struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) +
            struct.pack(">I", stream) + payload)


def _read_frame(stream):
    head = _read(stream, 9)
    length = int.from_bytes(head[:3], "big")
    return head[3], head[4], _read(stream, length)


def _read(stream, size):
    data = b""
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            raise ConnectionError("the server hung up")
        data += more
    return data
