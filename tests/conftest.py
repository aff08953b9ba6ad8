"""What holds for all tests: where several processes run them, those of a file stay together, and those that need a Neo4j server too."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        path = item.path.relative_to(TESTS)
        group = path.parts[0] if path.parts[0] == "neo4j" else str(path)
        item.add_marker(pytest.mark.xdist_group(group))
