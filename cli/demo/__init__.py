"""A small web of invented outlets that `yuanliu demo` crawls without leaving the machine."""
