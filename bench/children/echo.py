"""A child that answers a number by it."""
from streamipc import Session, message


@message
class Answer:
    number: int


@message
class Ask:
    number: int


session = Session.stdio()


@session.on_request(Ask)
def answer(ask):
    return Answer(ask.number)


session.serve()
