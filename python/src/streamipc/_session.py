"""The session as the user opens it: from a child with its parent, or from a parent with its child."""
from __future__ import annotations

from ._calling import DEFAULT_TIMEOUT_SECONDS
from ._conversation import DEFAULT_MAX_PAYLOAD_BYTES, Conversation
from ._failures import StartFailed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Mapping, Optional, Sequence, Type, Union

    from ._child import PathLike
    from ._way import Way


class Session(Conversation):
    """One conversation with a parent or a child: answers its requests, hears its messages, and asks it.

    Handlers run on the thread that calls `serve`, one at a time, in order of arrival; those of streams each on a thread
    of its own. All other methods may be called from any thread, handlers included. A `with` block closes the session at
    its end.
    """

    @classmethod
    def stdio(
        cls,
        *,
        max_payload_bytes: int = DEFAULT_MAX_PAYLOAD_BYTES,
        start_timeout: float = DEFAULT_TIMEOUT_SECONDS,
    ) -> Session:
        """Opens the session over stdin and stdout and waits for the parent's HELLO.

        From then on `print` and all other output to stdout goes to stderr, stdin is empty, and Ctrl-C is left to the
        parent. A parent may want to talk over a Unix domain socket instead: the program is the same, and `print` goes
        to stdout, which the parent logs. Messages must be declared before. `max_payload_bytes` is what this side
        accepts, at least 4,096; `start_timeout` is in seconds. Raises StartFailed if there is no parent or it can't
        talk to this side.
        """
        from ._parent_way import open_way

        session = cls(open_way(), max_payload_bytes)
        session.open(start_timeout)
        return session

    @classmethod
    def spawn(
        cls,
        command: Sequence[Union[str, PathLike]],
        *,
        cwd: Optional[Union[str, PathLike]] = None,
        env: Optional[Mapping[str, str]] = None,
        name: Optional[str] = None,
        max_payload_bytes: int = DEFAULT_MAX_PAYLOAD_BYTES,
        start_timeout: float = DEFAULT_TIMEOUT_SECONDS,
    ) -> Session:
        """Starts a child in any language, and opens a session with it over its stdin and stdout; waits for its HELLO.

        `command` is the program and its arguments, without a shell; the program is looked for on the PATH. `cwd` is
        its folder, `env` is added to this process's environment, `name` is for logs: the name of the program if None.
        What the child writes to stderr goes line by line to the logger `streamipc.child.<name>`, at level INFO; so does
        junk on its stdout, at WARNING. `start_timeout` is in seconds, for its HELLO and its READY. The child leads a
        process group of its own: Ctrl-C does not reach it, the end of this session does. Handlers need a thread that
        calls `serve`, such as `serve_in_background` starts. Raises StartFailed, with the command and the last lines of
        stderr, and leaves no process behind then; ValueError for an empty command.
        """
        from ._child import start

        way = start(command, cwd, env, name)
        try:
            session = cls(way, max_payload_bytes)
            session.open(start_timeout)
        except StartFailed as error:
            raise way.start_failed(error) from None
        except BaseException:
            way.kill()
            raise
        return session

    @classmethod
    def unix(
        cls,
        path: Union[str, PathLike],
        *,
        max_payload_bytes: int = DEFAULT_MAX_PAYLOAD_BYTES,
        start_timeout: float = DEFAULT_TIMEOUT_SECONDS,
    ) -> Session:
        """Joins a parent that listens on a Unix domain socket, and waits for its HELLO.

        The token stands in the file `<path>.token`; if somebody else used it first, it is read and shown once more.
        Nothing in this process changes, and it goes on when the session has ended. Handlers need a thread that calls
        `serve`. Times and sizes as for `stdio`. Raises StartFailed if nobody listens there or this side is turned away.
        """
        from ._unix import join

        def opened(way: Way) -> Session:
            session = cls(way, max_payload_bytes)
            session.open(start_timeout)
            return session

        return join(path, opened)

    def serve_in_background(self) -> None:
        """Answers requests on a daemon thread until the session ends; what `serve` raises there is logged."""
        from threading import Thread

        Thread(target=self._serve_quietly, name="streamipc-serve", daemon=True).start()

    def _serve_quietly(self) -> None:
        from ._log import log

        try:
            self.serve()
        except Exception as error:
            log().warning("serving ended: cause=%s", error)

    def is_closed(self) -> bool:
        """Returns whether the session takes nothing any more."""
        return not self._lifecycle.is_open()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
