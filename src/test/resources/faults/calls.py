"""The messages of the matrix, as they stand in Calls.java."""
from streamipc import Attachment, message


@message
class Work:
    id: int
    how: str
    fill: str


@message
class Done:
    id: int
    fill: str


@message
class Note:
    number: int
    fill: str


@message
class Heard:
    id: int


@message
class Flow:
    id: int


@message
class Brought:
    id: int


@message
class Cargo:
    id: int
    bytes: Attachment


@message
class HeardSoFar:
    notes: int
    inOrder: bool
