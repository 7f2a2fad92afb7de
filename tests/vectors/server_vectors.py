"""What a server keeps in text and hears on its local socket:
docs/formats-server.md. Nothing of these is encrypted."""
import struct

from building_blocks import write

CHAPTER = "k7q2m4xw5zt3ybn6c2dfgh7jra"


def chapter_file_vectors():
    values = {"id": CHAPTER, "name": "East Bay", "country": "US",
              "listen": "0.0.0.0:7443", "address": "directory.example.org:7443"}
    limits = {"calls_at_once": "64", "streams_at_once": "4", "per_second": "50"}

    def toml(rest="", without="", **changes):
        lines = {**values, **changes}
        return "".join(f"{key} = '{text}'\n" for key, text in lines.items()
                       if key != without) + rest

    def table(**changes):
        lines = {**limits, **changes}
        return "\n[limits]\n" + "".join(f"{key} = {number}\n"
                                        for key, number in lines.items())

    def case(name, comment, text, expect="INVALID_ARGUMENT", names="", **said):
        more = {"names": names} if names else {}
        write("chapter-file", name, comment, expect,
              {"file": text.encode().hex(), **values, **limits, **said, **more})

    case("ok", "with every key", toml(table()), "OK")
    case("ok_remark", "remarks and another order",
         "# ours\n" + "".join(f"{key} = \"{text}\" # it\n"
                              for key, text in reversed(values.items())) + table(), "OK")
    case("ok_one_limit", "the other limits are the server's own",
         toml("\n[limits]\nper_second = 50\n"), "OK", calls_at_once="", streams_at_once="")
    case("nothing", "an empty file", "", names='"id" must be a string')
    case("no_toml", "another kind of file", "hello", names=":1: not valid TOML")
    case("unknown_key", "a key that nobody knows", toml("colour = 'red'\n"),
         names=":6: an unknown key")
    case("unknown_limit", "a limit that nobody knows", toml(table(per_hour="9")),
         names="an unknown key")
    case("no_address", "without an address", toml(without="address"),
         names='"address" must be a string')
    case("number_for_text", "a number for a text",
         toml(without="name") + "name = 3\n", names='"name" must be a string')
    case("bad_id", "an id with a digit that base32 lacks", toml(id=CHAPTER[:-1] + "1"),
         names=":1: id: ")
    case("short_id", "an id with its end cut off", toml(id=CHAPTER[:-1]), names=":1: id: ")
    case("empty_name", "a name of nothing", toml(name=""), names=":2: name: ")
    case("long_name", "a name of 129 bytes", toml(name="x" * 129), names=":2: name: ")
    case("small_country", "a country in small letters", toml(country="us"),
         names=":3: country: ")
    case("address_without_port", "an address without its port",
         toml(address="directory.example.org"), names=":5: address: ")
    case("address_with_big_port", "a port beyond 65535",
         toml(address="directory.example.org:65536"), names=":5: address: ")
    case("limit_zero", "a limit of nothing", toml(table(per_second="0")),
         names='"per_second" must be 1 to 1000000')
    case("limit_too_large", "a limit of 1000001", toml(table(calls_at_once="1000001")),
         names='"calls_at_once" must be 1 to 1000000')
    case("limit_text", "a limit in quotes", toml(table(streams_at_once="'8'")),
         names='"streams_at_once" must be 1 to 1000000')
    case("limits_no_table", "limits are no table", "limits = 3\n" + toml(),
         names=":1: not a table")
    case("bare_accent", "a letter beyond ASCII outside quotes", toml("colône = 'x'\n"),
         names=":6: characters beyond ASCII")
    case("twice", "a key given twice", toml() + f"id = '{CHAPTER}'\n",
         names=":6: not valid TOML")


def frame(tag, payload, size=None):
    return struct.pack(">BI", tag, len(payload) if size is None else size) + payload


def control_request_vectors():
    def case(name, comment, data, expect="INVALID_ARGUMENT", names="", **said):
        more = {"names": names} if names else {}
        write("control-request", name, comment, expect,
              {"request": data.hex(), **said, **more})

    key = b"sodality-root-key-1:" + b"a" * 52 + b"\n"
    case("ok_status", "asks for the state", frame(1, b""), "OK", kind="1", payload="")
    case("ok_key_file", "the text of a key file", frame(2, key), "OK", kind="2",
         payload=key.hex())
    share = b"# Share 2 of 5\nsodality-share-1-" + b"a" * 60 + b"-12345678\n"
    words = "six words of nobody’s own".encode()
    case("ok_passphrase", "a passphrase", frame(3, words), "OK", kind="3",
         payload=words.hex())
    case("ok_seal", "asks to be sealed", frame(4, b""), "OK", kind="4", payload="")
    case("ok_largest", "a payload of 4096 bytes", frame(3, b"x" * 4096), "OK", kind="3",
         payload=(b"x" * 4096).hex())
    case("ok_share", "the text of a share", frame(6, share), "OK", kind="6",
         payload=share.hex())
    case("kind_beyond", "a kind beyond all", frame(7, b""), names="not a request")
    case("kind_zero", "no kind", frame(0, b""), names="not a request")
    case("kind_unknown", "a kind that nobody knows", frame(5, b""), names="not a request")
    case("too_large", "a payload of 4097 bytes", frame(3, b"x" * 4097),
         names="not a frame")
    case("absurd_size", "a size of 4 GiB", frame(3, b"", 0xffffffff), names="not a frame")
    case("little_endian", "its size the other way round",
         struct.pack("<BI", 3, 5) + b"words", names="not a frame")
    case("nothing", "no byte", b"", "UNAVAILABLE", names="the other side is gone")
    case("half_a_header", "the connection ends in the header", frame(3, b"words")[:3],
         "UNAVAILABLE", names="the other side is gone")
    case("half_a_payload", "the connection ends in the payload", frame(3, b"words")[:-1],
         "UNAVAILABLE", names="the other side is gone")


def control_answer_vectors():
    def case(name, comment, data, expect="INVALID_ARGUMENT", names="", **said):
        more = {"names": names} if names else {}
        write("control-answer", name, comment, expect,
              {"answer": data.hex(), **said, **more})

    case("ok_state", "the state", frame(0, b"unsealed\n"), "OK", exit="0",
         message="unsealed", hint="")
    case("ok_refusal", "a message and a hint", frame(10, b"the key is another\ngive ours"),
         "OK", exit="10", message="the key is another", hint="give ours")
    case("ok_progress", "a share was taken, and others are missing",
         frame(0, b"2 of 3 shares\n"), "OK", exit="0", message="2 of 3 shares", hint="")
    case("ok_sealed_with_shares", "the state, and how many shares are there",
         frame(0, b"sealed\n2 of 3 shares"), "OK", exit="0", message="sealed",
         hint="2 of 3 shares")
    case("ok_no_line_feed", "a message alone", frame(0, b"sealed"), "OK", exit="0",
         message="sealed", hint="")
    case("too_large", "a text of 4097 bytes", frame(0, b"x" * 4097), names="not a frame")
    case("half_a_text", "the connection ends in the text", frame(0, b"sealed\n")[:-1],
         "UNAVAILABLE", names="the other side is gone")
    case("nothing", "no byte", b"", "UNAVAILABLE", names="the other side is gone")


def server_vectors():
    chapter_file_vectors()
    control_request_vectors()
    control_answer_vectors()
