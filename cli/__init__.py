"""The command line of yuanliu."""

__version__ = "0.1.0"
