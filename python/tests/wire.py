"""Frames built by hand with struct and zlib: what the vectors and the tests are made of. Never imports the package."""
import struct
import zlib

MAGIC = b"\xfa\xc1\xf5\xfd"
HEADER_BYTES = 24
ZERO_SALT = bytes(4)
SALT = bytes.fromhex("9c01d7e2")
CHILD_BIT = 1 << 63

KINDS = {
    "HELLO": 1, "READY": 2, "REQUEST": 3, "REPLY": 4, "FAILURE": 5, "NOTIFY": 6, "STARTED": 7,
    "PROGRESS": 8, "CANCEL": 9, "PING": 10, "PONG": 11, "GOODBYE": 12, "VOID": 13, "CHUNK": 14, "PART": 15,
    "DEMAND": 16,
}
PAYLOAD_CRC, WANT_STARTED, WANT_PROGRESS, MERGED, ATTACHMENTS = 1, 2, 4, 8, 16
FIRST_CHUNK, LAST_CHUNK, ABANDONED = 0x20, 0x40, 0x80
LAST_PART, WANT_PARTS, BRINGS_PARTS, ATTEMPT = 0x100, 0x200, 0x400, 0x800
CHUNK_BYTES = 65536


def header(kind, flags, call_id, length, salt=SALT, version=1):
    """Returns the 24 bytes of a header; `kind` is a name or a number."""
    number = KINDS[kind] if isinstance(kind, str) else kind
    start = MAGIC + struct.pack(">BBHQI", version, number, flags, call_id, length)
    return start + struct.pack(">I", zlib.crc32(salt + start))


def frame(kind, payload=b"", call_id=0, flags=None, salt=SALT, version=1):
    """Returns a whole frame. Without `flags` a payload gets its CRC and an empty one does not."""
    if flags is None:
        flags = PAYLOAD_CRC if payload else 0
    tail = struct.pack(">I", zlib.crc32(payload)) if flags & PAYLOAD_CRC else b""
    return header(kind, flags, call_id, len(payload), salt, version) + payload + tail


def attached(core, *attachments):
    """Returns a payload with attachments behind what stands there without them."""
    table = struct.pack(">H%dI" % len(attachments), len(attachments), *map(len, attachments))
    return b"".join([table, core, *attachments])


def attempted(core, attempt, key=b"", length=None):
    """Returns a payload of REQUEST that says which attempt it is; `length` is what it claims of the key."""
    return core[:6] + struct.pack(">HH", attempt, len(key) if length is None else length) + key + core[6:]


def chunks(kind, payload, call_id=0, number=1, flags=0, size=CHUNK_BYTES):
    """Returns the frames in which a message leaves in chunks of so many bytes."""
    data = header(kind, flags, call_id, len(payload)) + payload
    pieces = [data[at:at + size] for at in range(0, len(data), size)]
    last = len(pieces) - 1
    return [frame("CHUNK", piece, number, PAYLOAD_CRC | FIRST_CHUNK * (at == 0) | LAST_CHUNK * (at == last))
            for at, piece in enumerate(pieces)]


def flip(data, index):
    """Returns the bytes with all bits of one of them turned over."""
    return data[:index] + bytes([data[index] ^ 0xFF]) + data[index + 1:]


def hello_payload(role="parent", salt=SALT):
    """Returns a small, complete HELLO of a Java side."""
    return (
        '{"protocol":"stream-ipc","versions":[1,1],"minor":0,"role":"%s","name":"vectors","serializers":["json"],'
        '"types":[],"limits":{"maxPayloadBytes":16777216},"features":[],"salt":"%s","pid":4711,'
        '"startedAtMillis":null}' % (role, salt.hex())
    ).encode()
