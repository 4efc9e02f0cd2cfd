"""Reading codes from the pictures in a document, as the camera of a phone does."""

try:
    import cv2
    import numpy
except ImportError:
    cv2 = None

#: A camera moves until it reads; a picture is looked at in these sizes instead.
SCALES = (1, 0.5, 2, 0.75, 1.5)


def read_code(content):
    """:return: what the code in a picture says, false for a picture without one"""
    picture = cv2.imdecode(numpy.frombuffer(content, numpy.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        return False
    for scale in SCALES:
        scaled = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for detector in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()):
            text = detector.detectAndDecode(scaled)[0]
            if text:
                return text
    return False


def read_codes(pdf):
    """:return: what the codes in the pictures of a PDF say"""
    codes = [read_code(picture.data) for page in pdf.pages for picture in page.images]
    return [code for code in codes if code]
