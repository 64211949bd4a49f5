"""Expected trouble of the local stack; the CLI prints it as one line and exits."""


class StackError(Exception):
    """The message says what is wrong and what to do about it."""
