"""What a child writes is altered on its way to a Python parent: cut, turned over, or mixed with others' bytes."""
import logging
import random

from linux import PATIENCE_SECONDS, eventually
from streamipc import DeadlinePassed, ProtocolError, SessionClosed, Undecodable

MAGIC = b"\xfa\xc1\xf5\xfd"
HEADER_BYTES, LENGTH_AT, KIND_AT, FLAGS_AT = 24, 16, 5, 6
REPLY, PAYLOAD_CRC = 4, 1
# No prefix of the magic, and no end of a line: one line of the child's log.
JUNK = b"somebody else's words; "
SOON_SECONDS = 2.0


class Junk(logging.Handler):
    """Keeps what is logged of a child's junk."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.text = ""

    def emit(self, record):
        self.text += record.getMessage().split("text=", 1)[-1]


class Damager:
    """Between a session and its child: hands on what is read, but for one reply behind `arm`, which it alters."""

    def __init__(self, session, alter):
        self._read = session._reading._read
        self._alter = alter
        self._held = b""
        self._is_armed = self.is_done = self.is_cut = False
        session._reading._read = self._pass

    def arm(self):
        """For a moment in which nothing is on its way."""
        self._is_armed = True

    def _pass(self):
        while not self.is_cut:
            data = self._read()
            # a read that was under way when it was armed counts, too
            if not data or self.is_done or not self._is_armed:
                return data
            self._held += data
            out = self._whole_frames()
            if out:
                return out
        return b""

    def _whole_frames(self):
        """Returns what is whole of the frames held, one by one, the reply among them altered."""
        out = b""
        while len(self._held) >= HEADER_BYTES:
            assert self._held.startswith(MAGIC), self._held[:HEADER_BYTES]
            flags = int.from_bytes(self._held[FLAGS_AT:FLAGS_AT + 2], "big")
            length = int.from_bytes(self._held[LENGTH_AT:LENGTH_AT + 4], "big")
            end = HEADER_BYTES + length + (4 if flags & PAYLOAD_CRC else 0)
            if len(self._held) < end:
                break
            frame, self._held = self._held[:end], self._held[end:]
            if frame[KIND_AT] == REPLY and not self.is_done:
                frame, self.is_cut = self._alter(frame)
                self.is_done = True
                return out + frame + (b"" if self.is_cut else self._held)
            out += frame
        return out


def _turned(frame, at, bit):
    return frame[:at] + bytes([frame[at] ^ 1 << bit]) + frame[at + 1:]


def flip_payload(chance, frame):
    return _turned(frame, chance.randrange(HEADER_BYTES, len(frame)), chance.randrange(8)), False


def flip_header(chance, frame):
    return _turned(frame, chance.randrange(HEADER_BYTES), chance.randrange(8)), False


def cut(chance, frame):
    return frame[:chance.randrange(len(frame))], True


def junk_between(_chance, frame):
    return JUNK + frame, False


def junk_in_payload(chance, frame):
    at = chance.randrange(HEADER_BYTES + 1, len(frame))
    return frame[:at] + JUNK + frame[at:], False


def _damaged(alter, kinds, goes_on):
    timeout = SOON_SECONDS if DeadlinePassed in kinds else PATIENCE_SECONDS

    def play(stage):
        chance = random.Random(stage.number)
        stage.spawn("")
        damager = Damager(stage.session, lambda frame: alter(chance, frame))
        first = stage.ask("warm")
        # what it reads from now on passes through the damager
        eventually("the child answers", first.is_settled)
        damager.arm()
        call = stage.ask("echo", "x" * chance.randrange(1, 3_000), timeout=timeout)
        eventually("the call ends", call.is_settled)
        stage.evidence.require(damager.is_done, "no reply was altered")
        fits = isinstance(call.failure, kinds) if kinds else call.answer is not None
        stage.evidence.require(fits, "ended otherwise: %s" % call.failure)
        certainty = getattr(call.failure, "certainty", None)
        stage.evidence.require(certainty is None or certainty.value == "EXECUTED", "certainty=%s" % certainty)
        if goes_on or not stage.session.is_closed():
            after = stage.ask("echo")
            eventually("the session goes on", after.is_settled)
            stage.expect_answer(after)

    return play


def junk_before_hello(stage):
    stage.spawn("", ["sh", "-c", 'printf "%s" "$0"; exec "$@"', JUNK.decode()])
    call = stage.ask("echo")
    eventually("the call ends", call.is_settled)
    stage.expect_answer(call)


FAULTS = {
    "junk-in-payload": _damaged(junk_in_payload, (Undecodable,), True),
    "flip-header": _damaged(flip_header, (DeadlinePassed, ProtocolError), False),
    "flip-payload": _damaged(flip_payload, (Undecodable,), True),
    "junk-before-hello": junk_before_hello,
    "junk-between": _damaged(junk_between, (), True),
    "cut": _damaged(cut, (SessionClosed,), False),
}


def damage(stage):
    """One of the faults in turn; of junk, every byte is told."""
    names = list(FAULTS)
    # cases of one number stand at another fault in each column
    name = names[(stage.number + 2 * stage.column) % len(names)]
    junk = Junk()
    logger = logging.getLogger("streamipc.child.fault")
    logger.addHandler(junk)
    try:
        FAULTS[name](stage)
        stage.evidence.proof(fault=name, pid=stage.pid)
        if name in ("junk-between", "junk-before-hello"):
            stage.close()
            told = junk.text.strip() == JUNK.decode().strip()
            stage.evidence.require(told, "junk told otherwise: %r" % junk.text)
    finally:
        logger.removeHandler(junk)


ROWS = {"pipe.damaged": damage}
