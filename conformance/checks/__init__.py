"""The checks, one module a section of the rules, one function a check."""
