"""What stands behind the code on a printed quotation: which one it is and what it said, signed against forgers.

Nothing is stored for it. A token holds the id of the quotation and the beginning of the digest of what was printed, so
that a copy which was printed before a change is told from one that was printed after it.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest

#: Version of the format, in the first byte. A later one keeps reading the copies that are in customers' hands.
VERSION = 1
ID_BYTES, DIGEST_BYTES, SIGNATURE_BYTES = 5, 8, 10
PAYLOAD_BYTES = 1 + ID_BYTES + DIGEST_BYTES
TOKEN_LENGTH = (PAYLOAD_BYTES + SIGNATURE_BYTES) * 4 // 3


def pack_token(order_id, digest, sign):
    """Make the token of a copy.

    :param int order_id: id of the quotation
    :param str digest: hexadecimal digest of what is printed
    :param sign: gives a hexadecimal signature of at least 20 digits to a text
    :rtype: str

    >>> sign = lambda text: "ab" * 10
    >>> pack_token(42, "00112233445566778899", sign)
    'AQAAAAAqABEiM0RVZnerq6urq6urq6ur'
    """
    digest = bytes.fromhex(digest)[:DIGEST_BYTES]
    if len(digest) < DIGEST_BYTES:
        raise ValueError("the digest is too short")
    payload = bytes([VERSION]) + order_id.to_bytes(ID_BYTES, "big") + digest
    return urlsafe_b64encode(payload + _get_signature(payload, sign)).decode()


def unpack_token(token, sign):
    """Read a token, whoever gives it.

    :return: id of the quotation and beginning of the digest of what was printed; none for what was not made here
    :rtype: tuple[int, str] | None

    >>> sign = lambda text: "ab" * 10
    >>> unpack_token("AQAAAAAqABEiM0RVZnerq6urq6urq6ur", sign)
    (42, '0011223344556677')
    >>> unpack_token("AQAAAAAqABEiM0RVZnerq6urq6urq6uA", sign)
    >>> unpack_token("not a token", sign)
    """
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        raw = b""
    is_ours = len(token) == TOKEN_LENGTH and len(raw) == PAYLOAD_BYTES + SIGNATURE_BYTES and raw[0] == VERSION
    # What cannot be a token is signed and compared as well: the time that a refusal takes tells nothing.
    raw = raw if is_ours else bytes(PAYLOAD_BYTES + SIGNATURE_BYTES)
    payload, signature = raw[:PAYLOAD_BYTES], raw[PAYLOAD_BYTES:]
    if not compare_digest(_get_signature(payload, sign), signature) or not is_ours:
        return None
    return int.from_bytes(payload[1 : 1 + ID_BYTES], "big"), payload[1 + ID_BYTES :].hex()


def is_same_digest(beginning, digest):
    """Whether a digest is the one that a token begins.

    >>> is_same_digest("0011223344556677", "00112233445566778899")
    True
    >>> is_same_digest("", "00112233445566778899")
    False
    """
    return len(beginning) == 2 * DIGEST_BYTES and compare_digest(beginning, digest[: 2 * DIGEST_BYTES])


def _get_signature(payload, sign):
    return bytes.fromhex(sign(payload.hex()))[:SIGNATURE_BYTES]
