"""Pages that are made from the code say what the code says."""

import subprocess
import sys

from sandbox.setup import paths


def test_table_of_overrides_is_current():
    done = subprocess.run(
        [sys.executable, paths.ROOT / "docs" / "generate_overrides.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
