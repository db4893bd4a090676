"""A program as type checkers see it, checked with mypy --strict and never run. Each ignored error has to be one."""
from dataclasses import dataclass
from typing import AsyncIterator, Iterator, Optional

from streamipc import LogMessage, Parts, PartStream, RequestContext, Session, aio, message


# The second decorator is for mypy 1.0, which does not know what the first one makes of a class.
@message
@dataclass(frozen=True)
class Task:
    job: str


def with_threads(session: Session) -> None:
    @session.on_request(Task)
    def handle(task: Task, context: RequestContext) -> Optional[Task]:
        return Task(task.job + str(context.time_left()))

    @session.on_request(Task)
    def read(task: Task) -> Iterator[Task]:
        yield task

    @session.on_upload(Task)
    def write(task: Task, parts: Parts) -> Task:
        return Task(",".join(part.job for part in parts))

    @session.on_message(LogMessage)
    def hear(line: LogMessage) -> None:
        print(line.level)

    @session.on_request(LogMessage)  # type: ignore[arg-type]
    def wrong(task: Task) -> None: ...

    several: Iterator[Task] = read(Task("x"))
    one: Task = write(Task("x"), session.stream(Task("y"), parts=Task))
    session.on_request(Task, lambda task: several)
    session.on_request(Task, handle)
    session.on_upload(Task, write)
    session.on_upload(Task, handle)  # type: ignore[arg-type]
    hear(one)  # type: ignore[arg-type]
    with session.stream(Task("x"), parts=Task) as stream:
        both: PartStream = stream
        print(both.call.done())


async def on_asyncio(session: aio.Session) -> None:
    @session.on_request(Task)
    async def handle(task: Task) -> Optional[Task]:
        return task

    @session.on_stream(Task)
    async def read(task: Task, context: RequestContext) -> AsyncIterator[Task]:
        yield task

    @session.on_upload(Task)
    async def write(task: Task, parts: aio.Parts) -> Task:
        return Task(",".join([part.job async for part in parts]))

    @session.on_stream(Task)  # type: ignore[type-var]
    def wrong(task: Task) -> Iterator[Task]:
        yield task

    @session.on_message(LogMessage)
    async def hear(line: LogMessage) -> None:
        print(line.level)

    answer: Optional[Task] = await handle(Task("x"))
    session.on_stream(Task, read)
    session.on_request(Task, handle)
    session.on_request(LogMessage, handle)  # type: ignore[arg-type]
    async with session.upload(Task("y")) as upload:
        if await upload.send(Task("z")):
            print(answer, await upload.result())
    async for part in session.stream(Task("x"), parts=Task):
        print(part)
