"""Certificates and invites: docs/formats-pki.md. What the keys may do is made
with OpenSSL; nothing is shared with crypto/pki. Signatures are RFC 6979's, so
that every run writes the same."""
import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from building_blocks import fixed, flip, parts, u8, u16, u32, u64, write
from crypto_vectors import passphrase_box

CHAPTER = "k7q2m4xw5zt3ybn6c2dfgh7jra"
DEVICE = "a2b3c4d5e6f7g2h3i4j5k6l7mi"
ISSUED = datetime.datetime(2026, 9, 21, 14, 13, 20, tzinfo=datetime.timezone.utc)
EARLIER = ISSUED - datetime.timedelta(minutes=5)


def private_key(name):
    return ec.derive_private_key(int.from_bytes(fixed(name, 31), "big"), ec.SECP256R1())


def spki(key):
    return key.public_key().public_bytes(serialization.Encoding.DER,
                                         serialization.PublicFormat.SubjectPublicKeyInfo)


def key_id(key):
    point = key.public_key().public_bytes(serialization.Encoding.X962,
                                          serialization.PublicFormat.UncompressedPoint)
    return hashlib.sha256(point).digest()[:20]


def usage(**allowed):
    names = ("digital_signature", "content_commitment", "key_encipherment",
             "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
             "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


def common_name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def builder(subject, key, name, days):
    return (x509.CertificateBuilder().subject_name(common_name(subject))
            .issuer_name(common_name(f"Sodality CA {CHAPTER}")).public_key(key.public_key())
            .serial_number(int.from_bytes(fixed(f"{name} serial", 15), "big"))
            .not_valid_before(EARLIER)
            .not_valid_after(ISSUED + datetime.timedelta(days=days)))


def signed(unsigned, by):
    return unsigned.sign(by, hashes.SHA256(), ecdsa_deterministic=True)


def authority(name="ca key"):
    key = private_key(name)
    return signed(
        builder(f"Sodality CA {CHAPTER}", key, name, 3650)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), True)
        .add_extension(x509.SubjectKeyIdentifier(key_id(key)), False), key)


def leaf(kind="invite", usages=ExtendedKeyUsageOID.CLIENT_AUTH, more=(), chapter=CHAPTER):
    key, ca = private_key("invite key"), private_key("ca key")
    uri = x509.UniformResourceIdentifier(f"sodality:{chapter}/{kind}/{DEVICE}")
    unsigned = (builder(f"sodality {kind}", key, kind, 1)
                .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
                .add_extension(usage(digital_signature=True), True)
                .add_extension(x509.ExtendedKeyUsage([usages]), True)
                .add_extension(x509.SubjectAlternativeName([uri, *more]), False)
                .add_extension(x509.SubjectKeyIdentifier(key_id(key)), False)
                .add_extension(x509.AuthorityKeyIdentifier(key_id(ca), None, None), False))
    return signed(unsigned, ca)


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def key_pem(name):
    return private_key(name).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()).decode()


def checked(body):
    return body + f"checksum: {hashlib.sha256(body.encode()).hexdigest()}\n"


FIELDS = {"address": "directory.example.org:7443", "chapter": CHAPTER,
          "server-name": f"{CHAPTER}.sodality.internal", "name": "Nam Nguyễn",
          "role": "coordinator", "expires": "2026-09-22T14:13:20Z",
          "ca-key-sha256": hashlib.sha256(spki(private_key("ca key"))).hexdigest()}


def body_of(ca=None, certificate=None, key="invite key", first="sodality-invite-1", **changes):
    fields = FIELDS | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return (f"{first}\n{lines}{pem(ca or authority())}{pem(certificate or leaf())}"
            f"{key_pem(key)}")


def invite_vectors():
    whole = checked(body_of())

    def case(name, comment, names, text, expect="INVALID_ARGUMENT"):
        more = {"names": names} if names else {}
        write("invite", name, comment, expect,
              {**more, "invite": text.encode().hex(), **FIELDS})

    def bad(name, comment, names, /, **changes):
        case(name, comment, names, checked(body_of(**changes)))

    case("ok", "an invite of 2026", "", whole, "OK")
    case("no_invite", "another text", "this is not an invite", "hello\n")
    case("nothing", "an empty file", "this is not an invite", "")
    case("newer_format", "format 2", "version", checked(body_of(first="sodality-invite-2")))
    case("cut", "without its last line", "cut short", body_of())
    case("longer", "a line behind the checksum", "something after", whole + "\n")
    case("damaged", "a letter of the name differs", "checksum does not match",
         whole.replace("Nam", "Nan"))
    case("line_ends", "carriage returns", "version",
         checked(body_of().replace("\n", "\r\n")))
    case("too_long", "more than 16 KiB", "at most 16 KiB", whole + " " * 16384)
    case("missing_line", "no role", "line 6: no 'role: '",
         checked(body_of().replace("role: coordinator\n", "")))
    case("swapped_lines", "role before name", "line 5: no 'name: '",
         checked(body_of().replace("name: Nam Nguyễn\nrole: coordinator\n",
                                   "role: coordinator\nname: Nam Nguyễn\n")))
    case("unknown_line", "a line behind the key", "unknown content",
         checked(body_of() + "more: of it\n"))
    case("no_key", "without its private key", "no PRIVATE KEY block",
         checked(body_of().replace(key_pem("invite key"), "")))
    bad("other_address", "a port with a zero in front", "line 2: address",
        address="directory.example.org:07443")
    bad("other_chapter", "the chapter of another certificate", "line 3: does not agree",
        chapter="a" * 26)
    bad("other_server_name", "another server's name", "line 4: does not agree",
        server_name="directory.example.org")
    bad("control_character", "a name that rings", "line 5: name", name="Nam\aNguyễn")
    bad("no_role", "a role in capitals", "line 6: not the name", role="Coordinator")
    bad("other_end", "a later end than the certificate's", "line 7: does not agree",
        expires="2026-09-23T14:13:20Z")
    bad("other_ca_key", "the hash of another key", "line 8: does not agree",
        ca_key_sha256="0" * 64)
    bad("other_authority", "an invite of another authority", "not an invite of its authority",
        ca=authority("other ca key"))
    bad("other_key", "a key of another certificate", "does not belong to its certificate",
        key="other key")
    bad("a_device", "a device's certificate in its place", "not an invite of its authority",
        certificate=leaf("device"))
    bad("foreign_chapter", "a certificate that names another chapter",
        "not an invite of its authority", certificate=leaf(chapter="a" * 26))
    bad("server_auth", "an invite that may be a server", "extended key usage",
        certificate=leaf(usages=ExtendedKeyUsageOID.SERVER_AUTH))
    bad("second_name", "an invite with a DNS name", "DNS",
        certificate=leaf(more=[x509.DNSName("example.org")]))


# What a device remembers of its server.
# What several people sign.
def act_vectors():
    week, now = 7 * 24 * 3600 * 1000, 1790000000000
    key = Ed25519PrivateKey.from_private_bytes(fixed("approval key seed", 32))
    public = key.public_key().public_bytes(serialization.Encoding.Raw,
                                           serialization.PublicFormat.Raw).hex()
    ids = {name: fixed(name, 16) for name in ("chapter", "incarnation", "act", "proposer")}
    backups = sorted(fixed(name, 16) for name in ("backup", "other backup"))
    trim = u8(2) + u32(3) + u16(2) + b"".join(backups)

    def form(kind=1, content=trim, domain="sodality/act/1"):
        return parts(domain, ids["chapter"], ids["incarnation"], ids["act"], u16(kind), content,
                     ids["proposer"], u64(now), u64(now + week))

    def case(name, comment, expect, data, signed=None):
        write("act", name, comment, expect,
              {"form": data.hex(), "public-key": public,
               "signature": key.sign(signed or data).hex(),
               **{part: value.hex() for part, value in ids.items()}, "kind": 1, "created": now,
               "expires": now + week, "below": 3,
               "destroyed": " ".join(backup.hex() for backup in backups)})

    case("ok", "a trim of the wrap key, signed", "OK", form())
    case("other_act", "the signature of another act", "PERMISSION_DENIED", form(),
         form(content=u8(2) + u32(4) + u16(0)))
    case("newer_kind", "a kind that there is not", "FAILED_PRECONDITION", form(kind=2))
    case("other_domain", "a later form", "INVALID_ARGUMENT", form(domain="sodality/act/2"))
    case("trailing_byte", "a byte too many", "INVALID_ARGUMENT", form() + b"\0")
    case("cut", "the last byte is gone", "INVALID_ARGUMENT", form()[:-1])
    case("falling_backups", "backups in falling order", "INVALID_ARGUMENT",
         form(content=trim[:7] + backups[1] + backups[0]))
    case("short_content", "a backup of 15 bytes", "INVALID_ARGUMENT", form(content=trim[:-1]))


def remember_vectors():
    leaf_hash, key = fixed("leaf", 32).hex(), fixed("ledger public key", 32).hex()
    good = (f"sodality-remember-1\nrevision: 12\nledger-number: 340\nledger-leaf: {leaf_hash}\n"
            f"ledger-key: {key}\n")

    def case(name, comment, text, expect="DATA_LOSS"):
        write("remember", name, comment, expect,
              {"remember": text.encode().hex(), "revision": 12, "ledger-number": 340,
               "ledger-leaf": leaf_hash, "ledger-key": key})

    case("ok", "a head of 340 entries", good, "OK")
    lives = [fixed("incarnation", 16).hex(), bytes(16).hex(), fixed("parent", 16).hex()]
    restored = (good.replace("-1\n", "-2\n", 1) + f"incarnation: {lives[0]}\n"
                + f"former: {lives[1]}\nformer: {lives[2]}\n")
    write("remember", "ok_v2", "of a chapter that was restored twice", "OK",
          {"remember": restored.encode().hex(), "revision": 12, "ledger-number": 340,
           "ledger-leaf": leaf_hash, "ledger-key": key, "incarnation": lives[0],
           "former": " ".join(lives[1:])})
    case("cut_life", "an incarnation of 15 bytes", restored.replace(lives[0], lives[0][2:]))
    case("never_restored", "format 2 of what was never restored",
         good.replace("-1\n", "-2\n", 1) + f"incarnation: {bytes(16).hex()}\n")
    case("nothing", "an empty file", "")
    case("newer_format", "format 2", good.replace("-1\n", "-2\n"))
    case("leading_zero", "a number in another spelling", good.replace(": 12", ": 012"))
    case("plus", "a number with a sign", good.replace(": 12", ": +12"))
    case("too_large", "2^64", good.replace(": 12", f": {1 << 64}"))
    case("capitals", "digits in capitals", good.replace(key, key.upper()))
    case("short_hash", "a hash of 31 bytes", good.replace(leaf_hash, leaf_hash[2:]))
    case("missing_line", "no key", good[:good.index("ledger-key")])
    case("trailing_line", "a line too many", good + "\n")
    case("no_line_end", "without the last line feed", good[:-1])


# A device's key, in the open or in a passphrase box.
def device_key_vectors():
    words, text = b"three small invented words", key_pem("device key").encode()
    box = passphrase_box(words, b"device-key", text)

    def case(name, comment, data, expect="DATA_LOSS", passphrase=words):
        write("device-key", name, comment, expect,
              {"file": data.hex(), "passphrase": passphrase.decode(),
               "public-key": spki(private_key("device key")).hex()})

    case("ok_plain", "without a passphrase", text, "OK")
    case("ok_box", "in a passphrase box", box, "OK")
    case("wrong_passphrase", "another passphrase", box, "PERMISSION_DENIED",
         b"three small wrong words")
    case("other_purpose", "a box made for something else",
         passphrase_box(words, b"replica", text), "PERMISSION_DENIED")
    case("no_key", "a box of something else", passphrase_box(words, b"device-key", b"hello"))
    case("cut_plain", "half a key", text[:100])
    case("forged_box", "the last bit differs", flip(box, -1))
    case("newer_box", "a box of format 2", b"\2" + box[1:], "FAILED_PRECONDITION")
    case("nothing", "an empty file", b"")


# The profile.
def profile_vectors():
    values = {"address": "directory.example.org:7443", "chapter_id": CHAPTER,
              "chapter_name": "East Bay", "server_name": f"{CHAPTER}.sodality.internal",
              "device_id": DEVICE, "principal_name": "Nam Nguyễn"}

    def toml(first="format = 1", **changes):
        lines = {**values, **changes}
        return "".join(f"{line}\n" for line in
                       (first, *(f"{name} = '{text}'" for name, text in lines.items())))

    def case(name, comment, text, expect="INVALID_ARGUMENT"):
        write("profile", name, comment, expect, {"profile": text.encode().hex(), **values})

    case("ok", "as joining writes it, by another hand", toml(), "OK")
    case("newer_format", "format 2", toml("format = 2"))
    case("no_format", "without a format", toml("# nothing"))
    case("unknown_key", "a key that nobody knows", toml(more="x"))
    case("no_address", "an address without its port", toml(address="directory.example.org"))
    case("no_id", "an id in capitals", toml(device_id=DEVICE.upper()))
    case("no_toml", "another kind of file", "hello")


def pki_vectors():
    profile_vectors()
    invite_vectors()
    device_key_vectors()
    remember_vectors()
    act_vectors()
