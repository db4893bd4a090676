from ._message import LogMessage, message
