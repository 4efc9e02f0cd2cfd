"""Pictures of QR codes, in the documents themselves: whoever opens a copy fetches nothing from anywhere."""

import io
from base64 import b64encode

import qrcode
from qrcode.constants import ERROR_CORRECT_M


def make_qr_png(text, pixels=8, border=4):
    """Draw a text as a QR code.

    :param int pixels: width of a module of the code
    :param int border: modules of white around it; readers want four
    :return: a PNG file
    :rtype: bytes

    >>> make_qr_png("https://example.com/")[:4]
    b'\\x89PNG'
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=pixels, border=border)
    code.add_data(text)
    code.make(fit=True)
    stream = io.BytesIO()
    code.make_image().save(stream, "PNG")
    return stream.getvalue()


def make_qr_uri(text):
    """The same as an address that a page can show.

    >>> make_qr_uri("https://example.com/")[:30]
    'data:image/png;base64,iVBORw0K'
    """
    return f"data:image/png;base64,{b64encode(make_qr_png(text)).decode()}"
