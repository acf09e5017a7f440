"""The control API below `/_mock`: see inside a mock, and tell it how to behave."""
