"""The errors of the command line.

CliError            exit code 1
└── UsageFault      exit code 2: an option, argument or configuration that cannot be
"""


class CliError(Exception):
    """A failure to be told in one line: what, the value, what to do."""


class UsageFault(CliError):
    """Raised by the commands and cli.config for an option, argument or setting that cannot be."""
