"""What has been sent is its owner's again."""
import unittest

from child_types import Bulk
from streamipc import Attachment
from test_spawn import eventually, spawn


def is_free(data):
    """Returns whether nobody looks at a bytearray."""
    try:
        data.append(0)
    except BufferError:
        return False
    return True


class Sent(unittest.TestCase):
    def test_an_attachment_that_has_left_is_its_owners_again(self):
        with spawn() as child:
            data = bytearray(3000000)
            child.call(Bulk(Attachment(data)))
            eventually(lambda: is_free(data))


if __name__ == "__main__":
    unittest.main()
