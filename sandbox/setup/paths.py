"""Where things lie. Everything that the sandbox makes is under `CACHE`, which git ignores."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".sandbox"
LOGS = CACHE / "logs"
DOWNLOADS = CACHE / "downloads"
STATE = CACHE / "state"
ADDON = "sales_management"

# A short name for this checkout, for what has to live outside of it: a server that was given, or the temporary folder.
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def ensure(folder):
    """Return `folder`, made if it was missing."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def digest(*parts):
    """Return a short key that changes when any of `parts` (values or files) does.

    >>> digest("a", "b") == digest("a", "b"), digest("ab") == digest("a", "b")
    (True, False)
    """
    key = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        key.update(hashlib.sha256(content).digest())
    return key.hexdigest()[:12]


def digest_of_addon(addon=ROOT / ADDON):
    """Return a key of what an upgrade of the addon could notice: its files, without tests and compiled Python."""
    parts = []
    for path in sorted(addon.rglob("*")):
        relative = path.relative_to(addon)
        if path.is_file() and "__pycache__" not in relative.parts and relative.parts[0] != "tests":
            parts += [str(relative), path]
    return digest(*parts)
