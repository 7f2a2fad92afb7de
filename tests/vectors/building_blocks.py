"""The building blocks of docs/formats.md, section 1, and how a vector is
written. Shares no code with crypto/ and no primitive with libsodium (hashlib's
BLAKE2b, OpenSSL's ChaCha20-Poly1305 and Argon2id; HChaCha20 is below). Needs the
Python package "cryptography", 44 or later.
"""
import hashlib
import pathlib
import struct

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

HERE = pathlib.Path(__file__).parent


# Primitives.
def rotate(word, bits):
    return ((word << bits) | (word >> (32 - bits))) & 0xFFFFFFFF


def quarter_round(s, a, b, c, d):
    for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
        s[z] = rotate(s[z] ^ s[x], bits)


def hchacha20(key, nonce16):
    s = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce16))
    for _ in range(10):
        for i in range(4):
            quarter_round(s, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter_round(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *s[0:4], *s[12:16])


def seal(key, nonce, bound_to, plaintext):
    subkey = hchacha20(key, nonce[:16])
    return ChaCha20Poly1305(subkey).encrypt(b"\0" * 4 + nonce[16:], plaintext, bound_to)


def keyed_hash(key, data, size):
    return hashlib.blake2b(data, key=key, digest_size=size).digest()


def argon2id(passphrase, salt, passes, memory_kib):
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=1,
                    memory_cost=memory_kib).derive(passphrase)


# Section 1: canonical parts, padding, subkeys.
def u8(n):
    return struct.pack("<B", n)


def u16(n):
    return struct.pack("<H", n)


def u32(n):
    return struct.pack("<I", n)


def u64(n):
    return struct.pack("<Q", n)


def parts(domain, *values):
    return b"".join(u32(len(v)) + v for v in (domain.encode(), *values))


def pad(content):
    size = len(content) + 1
    bucket = 16
    while bucket < size and bucket < 512:
        bucket *= 2
    if size > 512:
        bucket = (size + 511) // 512 * 512
    return content + b"\x80" + b"\0" * (bucket - size)


def subkeys(key, domain):
    both = keyed_hash(key, parts(domain), 64)
    return both[:32], both[32:]  # commit, seal


def fixed(name, size):
    """Stands for random bytes; the same at every run."""
    return hashlib.shake_128(b"sodality vector " + name.encode()).digest(size)


def sized(data):
    return u32(len(data)) + data


def flip(data, at):
    """One bit of one byte is another; negative places count from the end."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


# Section 3: sealed values.
def sealed_value(key, version, purpose, place, text, name):
    subkey = keyed_hash(key, parts("sodality/blob-key/1", purpose), 32)
    bound_to = parts("sodality/blob/1", u8(1), u32(version), purpose, place)
    nonce = fixed(f"{name} nonce", 24)
    return (u8(1) + u8(1) + u32(version) + nonce
            + seal(subkey, nonce, bound_to, pad(text)))


def write(folder, name, comment, expect, lines):
    path = HERE / folder / f"{name}.txt"
    path.parent.mkdir(exist_ok=True)
    rows = {"comment": comment, "expect": expect, **lines}
    path.write_text("".join(f"{k}: {v}\n" for k, v in rows.items()))
