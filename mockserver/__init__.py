"""A mock of TMF671 Promotion Management, in memory, on aiohttp."""
