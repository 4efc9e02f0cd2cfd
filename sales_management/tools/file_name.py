"""Names of files that are handed over: whole, readable, and the same on every system and in every chat."""

import re
import unicodedata

#: What Windows, its shares and chats refuse or read as something else; the separator of our parts among it.
UNSAFE = re.compile(r'[\\/:*?"<>|_\x00-\x1f\x7f]+')
#: Bytes that the systems in use keep of a name; some count a Chinese character as three.
MAX_BYTES = 200


def get_file_name(parts, extension):
    """The name of a file made of parts, of which the last may be cut.

    :param parts: texts, empty ones are left out
    :param str extension: without its dot

    >>> get_file_name(["D2026-00042", "S00042-R2", "Hangzhou Bolt"], "pdf")
    'D2026-00042_S00042-R2_Hangzhou Bolt.pdf'
    >>> get_file_name([False, "S1/2", "杭州螺栓（有限公司）."], "xlsx")
    'S1-2_杭州螺栓（有限公司）.xlsx'
    >>> len(get_file_name(["S1", "螺" * 300], "pdf").encode()) <= MAX_BYTES
    True
    >>> get_file_name(["", None], "pdf")
    'quotation.pdf'
    """
    stem = "_".join(filter(None, (_clean(part) for part in parts))) or "quotation"
    kept = stem.encode()[: MAX_BYTES - len(extension) - 1].decode(errors="ignore")
    return f"{kept.rstrip(' .-')}.{extension}"


def _clean(part):
    text = unicodedata.normalize("NFC", part or "")
    # Marks that turn the direction of writing make a name end otherwise than it seems to.
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cs", "Co"))
    return " ".join(UNSAFE.sub("-", text).split()).strip(" .-")
