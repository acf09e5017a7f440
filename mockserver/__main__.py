"""`python -m mockserver`: the mock without the suite."""

from mockserver.cli import mock

mock(prog_name="python -m mockserver")
