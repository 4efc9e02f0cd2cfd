"""Whether this server can print Chinese: the fonts of a document are those of the machine that makes it."""

import shutil
import subprocess
from functools import lru_cache

#: Fonts for Chinese copies, those that servers and desktops have first; and the package that brings the first.
CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimSun",
)
PACKAGE = "fonts-noto-cjk"
TIMEOUT = 10


@lru_cache(1)
def has_chinese_fonts():
    """Ask fontconfig, which chooses the fonts of printed documents, once per process.

    :return: none where it cannot be asked
    :rtype: bool | None
    """
    program = shutil.which("fc-list")
    if not program:
        return None
    try:
        answer = subprocess.run(
            [program, ":lang=zh-cn", "family"], capture_output=True, check=False, text=True, timeout=TIMEOUT
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if answer.returncode else bool(answer.stdout.strip())


def get_chinese_families():
    """The same for a style sheet.

    >>> get_chinese_families()[:42]
    "'Noto Sans CJK SC', 'Source Han Sans SC', "
    """
    return ", ".join(f"'{family}'" for family in CHINESE_FAMILIES)
