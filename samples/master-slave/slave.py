"""A child of the master, in Python: reads one file at a time and says what is in it."""
import hashlib, os, stat
from streamipc import LogMessage, Session, message

@message
class FileRequest:
    path: str

@message
class FileResponse:
    path: str
    bytes: int
    lines: int
    sha256: str

session, files = Session.stdio(), 0

@session.on_request(FileRequest)
def answer(request):
    global files
    files += 1
    if files == 1: print("this was printed to stdout, and harms nothing")
    # Never follows a link, and never waits for the writer of a FIFO that has taken the place of the file.
    fd = os.open(request.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(fd, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode): raise OSError("not a regular file any more")
        sha256, lines = hashlib.sha256(), 0
        for chunk in iter(lambda: file.read(1 << 16), b""):
            sha256.update(chunk)
            lines += chunk.count(b"\n")
        return FileResponse(request.path, file.tell(), lines, sha256.hexdigest())

@session.on_message(LogMessage)
def obey(log):
    if log.message == "shutdown":
        session.notify(LogMessage(f"done, files={files}"))
        session.close()

session.notify(LogMessage(f"ready, pid={os.getpid()}"))
session.serve()
