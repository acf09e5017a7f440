"""The command line: `tmf671`."""

from conformance.cli.main import main

__all__ = ["main"]
