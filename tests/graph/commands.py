"""`yuanliu` in processes of its own: a folder and arguments in, how the process ended out."""

import subprocess
import sys
from pathlib import Path

YUANLIU = Path(sys.executable).with_name("yuanliu")
SETTINGS = 'names = ["names.toml"]\ncatalogue = false\n[crawl]\ndelay = 0\nallow_private = true\n'


def run(folder, *arguments):
    return subprocess.run([YUANLIU, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def succeed(folder, *arguments):
    done = run(folder, *arguments)
    assert done.returncode == 0, done.stderr
    return done
