"""Whether a mail is signed or encrypted, by the types of its parts (RFC 1847). Never whether a signature is valid."""

from __future__ import annotations

from ingest.gate import Part

_KINDS = (("pkcs7", "smime"), ("pgp", "pgp"))


def of_multipart(part: Part) -> str:
    """pgp-signed and the like, by the protocol that is declared, else by the part that holds the signature."""
    subtype = part.get_content_subtype()
    if subtype not in ("signed", "encrypted"):
        return ""
    types = [str(part.get_param("protocol", "")).lower(), *(child.media_type for child in part.children[-1:])]
    types += [child.media_type for child in part.children[:1]] if subtype == "encrypted" else []
    return next((f"{kind}-{subtype}" for one in types for sign, kind in _KINDS if sign in one), "")
