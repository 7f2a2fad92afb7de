"""The file of a backup: docs/formats-backup.md."""
import hashlib

from building_blocks import fixed, keyed_hash, parts, seal, u8, u16, u32, u64, write
from crypto_vectors import keyring_slot, plain_keyring, root_text


def sealed_keyring(root, file_key):
    slot = keyring_slot(root, (1, 0, 0, b"\0" * 16), file_key, "file")
    head = b"sodality-keyring" + u8(1) + u8(1) + u8(1) + slot
    nonce = fixed("body nonce", 24)
    return head + nonce + seal(file_key, nonce, parts("sodality/keyring/1", head),
                               plain_keyring())


def plain_parts():
    """A file of 40 bytes of which the last are zeros, then the manifest."""
    name, content = b"ledger/seg-00000000000000000001", b"what was written of it"
    file = u8(1) + u16(len(name)) + name + u64(40) + u64(len(content)) + content
    listed = u16(len(name)) + name + u64(40) + hashlib.sha256(content).digest()
    return file + (u8(2) + u8(1) + u64(1_790_000_000_000) + u64(12) + u64(3) + u64(40)
                   + fixed("leaf", 32) + u64(12) + u64(9) + u32(1) + listed)


def backup_head(keyring, format_version=1):
    return (b"sodality-backup\n" + u8(format_version) + u8(1) + fixed("backup", 16)
            + u32(len(keyring)) + keyring)


def chunk(file_key, head, text, index=0, last=1):
    key = keyed_hash(file_key, parts("sodality/backup-key/1", head), 32)
    nonce = fixed(f"chunk nonce {index}", 24)
    return nonce + seal(key, nonce, parts("sodality/backup/1", u64(index), u8(last)), text)


def backup_vectors():
    root, file_key, text = fixed("root", 32), fixed("file key", 32), plain_parts()
    keyring = sealed_keyring(root, file_key)
    head = backup_head(keyring)
    good = head + chunk(file_key, head, text)
    lines = {"root-key": root_text(root), "plain": text.hex()}

    def case(name, comment, expect, data, **changes):
        write("backup", name, comment, expect, {**lines, **changes, "backup": data.hex()})

    case("ok", "one chunk: a file and the manifest", "OK", good)
    case("wrong_root_key", "another root key", "PERMISSION_DENIED", good,
         **{"root-key": root_text(fixed("other root", 32))})
    case("not_last", "a chunk behind which others should stand", "DATA_LOSS",
         head + chunk(file_key, head, text, last=0))
    case("second_first", "the first chunk is missing", "DATA_LOSS",
         head + chunk(file_key, head, text, index=1))
    case("empty_chunk", "a last chunk of nothing", "DATA_LOSS",
         head + chunk(file_key, head, b""))
    case("no_chunks", "the head alone", "DATA_LOSS", head)
    case("other_head", "chunks of a backup with another id", "DATA_LOSS",
         head + chunk(file_key, head[:18] + bytes(16) + head[34:], text))
    case("damaged", "the last byte differs", "DATA_LOSS", good[:-1] + bytes([good[-1] ^ 1]))
    newer = backup_head(keyring, 2)
    case("newer_format", "format 2", "FAILED_PRECONDITION",
         newer + chunk(file_key, newer, text))
