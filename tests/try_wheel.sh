#!/usr/bin/env bash
# Builds the wheel and tries it in an environment of its own, from another directory.
set -euo pipefail
bin=$(realpath -s "${BIN:-.venv/bin}")
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$bin/python" -m build --wheel --no-isolation --outdir "$work/dist" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
"$bin/python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check pip==26.3
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --constraint "$root/constraints.txt" "$work"/dist/*.whl
mkdir "$work/elsewhere"
cd "$work/elsewhere"
"$work/venv/bin/yuanliu" --version
"$work/venv/bin/yuanliu" demo --keep demo.db >timeline.txt
grep -q "01.AI" timeline.txt
"$work/venv/bin/yuanliu" timeline "李開復" --store sqlite:demo.db >/dev/null
echo "the wheel works"
