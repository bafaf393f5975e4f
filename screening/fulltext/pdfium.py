"""pdfium's functions as this package calls them: per character, so with as little ctypes around them as there can be.

Everything that touches pypdfium2 goes through here. pdfium is not thread-safe: one thread per process may use it.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int


class Rectangle(ctypes.Structure):
    """FS_RECTF."""

    _fields_ = [
        ("left", ctypes.c_float),
        ("top", ctypes.c_float),
        ("right", ctypes.c_float),
        ("bottom", ctypes.c_float),
    ]


class Matrix(ctypes.Structure):
    """FS_MATRIX: x' = ax + cy + e, y' = bx + dy + f."""

    _fields_ = [(name, ctypes.c_float) for name in "abcdef"]


_SIGNATURES: dict[str, tuple[Any, ...]] = {
    # name: result, arguments
    "FPDF_LoadPage": (_POINTER, _POINTER, _INT),
    "FPDF_ClosePage": (None, _POINTER),
    "FPDF_GetPageBoundingBox": (_INT, _POINTER, _POINTER),
    "FPDFPage_GetRotation": (_INT, _POINTER),
    "FPDFText_LoadPage": (_POINTER, _POINTER),
    "FPDFText_ClosePage": (None, _POINTER),
    "FPDFText_CountChars": (_INT, _POINTER),
    "FPDFText_GetText": (_INT, _POINTER, _INT, _INT, _POINTER),
    "FPDFText_GetUnicode": (ctypes.c_uint, _POINTER, _INT),
    "FPDFText_GetLooseCharBox": (_INT, _POINTER, _INT, _POINTER),
    "FPDFText_GetCharAngle": (ctypes.c_float, _POINTER, _INT),
    "FPDFText_GetTextObject": (_POINTER, _POINTER, _INT),
    "FPDFText_IsHyphen": (_INT, _POINTER, _INT),
    "FPDFTextObj_GetTextRenderMode": (_INT, _POINTER),
    "FPDFPage_CountObjects": (_INT, _POINTER),
    "FPDFPage_GetObject": (_POINTER, _POINTER, _INT),
    "FPDFFormObj_CountObjects": (_INT, _POINTER),
    "FPDFFormObj_GetObject": (_POINTER, _POINTER, ctypes.c_ulong),
    "FPDFPageObj_GetType": (_INT, _POINTER),
    "FPDFPageObj_GetMatrix": (_INT, _POINTER, _POINTER),
    "FPDFPageObj_GetBounds": (_INT, *[_POINTER] * 5),
    "FPDFPageObj_GetFillColor": (_INT, *[_POINTER] * 5),
    "FPDFPageObj_GetStrokeColor": (_INT, *[_POINTER] * 5),
    "FPDFPageObj_GetStrokeWidth": (_INT, _POINTER, _POINTER),
    "FPDFPageObj_GetClipPath": (_POINTER, _POINTER),
    "FPDFClipPath_CountPaths": (_INT, _POINTER),
    "FPDFClipPath_CountPathSegments": (_INT, _POINTER, _INT),
    "FPDFClipPath_GetPathSegment": (_POINTER, _POINTER, _INT, _INT),
    "FPDFPathSegment_GetPoint": (_INT, *[_POINTER] * 3),
    "FPDFPageObj_CountMarks": (_INT, _POINTER),
    "FPDFPageObj_GetMark": (_POINTER, _POINTER, ctypes.c_ulong),
    "FPDFPageObjMark_GetName": (_INT, _POINTER, _POINTER, ctypes.c_ulong, _POINTER),
    "FPDFPath_GetDrawMode": (_INT, _POINTER, _POINTER, _POINTER),
    "FPDFImageObj_GetImagePixelSize": (_INT, _POINTER, _POINTER, _POINTER),
    "FPDFBitmap_Create": (_POINTER, _INT, _INT, _INT),
    "FPDFBitmap_CreateEx": (_POINTER, _INT, _INT, _INT, _POINTER, _INT),
    "FPDFBitmap_FillRect": (_INT, _POINTER, _INT, _INT, _INT, _INT, ctypes.c_ulong),
    "FPDFBitmap_Destroy": (None, _POINTER),
    "FPDF_RenderPageBitmap": (None, _POINTER, _POINTER, _INT, _INT, _INT, _INT, _INT, _INT),
}


@cache
def library() -> Any:
    """The functions of `_SIGNATURES`, with pointers as plain integers, so that they can be keys and be compared."""
    from pypdfium2 import raw

    return SimpleNamespace(**{name: _rebound(getattr(raw, name), *of) for name, of in _SIGNATURES.items()})


def _rebound(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)
