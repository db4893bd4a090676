"""A worker that does as little as can be."""
from streamipc import Session, message


@message
class Done:
    number: int


@message
class Task:
    number: int


session = Session.stdio()


@session.on_request(Task)
def run(task):
    return Done(task.number)


session.serve()
