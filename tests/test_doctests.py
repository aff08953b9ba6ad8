"""Every example in a docstring is true."""

import doctest
import importlib
import pkgutil

import pytest

MODULES = [
    module.name
    for package in ("crawler", "nlp", "graph", "cli")
    for module in pkgutil.walk_packages([package], f"{package}.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
