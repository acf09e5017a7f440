"""A mock of TMF671 Promotion Management, in memory, on aiohttp."""

import logging

# Without a handler here, warnings would reach the terminal of every program that embeds a mock.
logging.getLogger(__name__).addHandler(logging.NullHandler())
