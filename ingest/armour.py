"""PGP within the text (RFC 9580 sections 6 and 7): the words of what is signed, what is encrypted taken out."""

from __future__ import annotations

import re

_BLOCKS = 100  # looked at in one text
_BEGIN = re.compile(rb"^-----BEGIN PGP (SIGNED MESSAGE|MESSAGE)-----[ \t]*\r?$\n?", re.MULTILINE)
_FIELDS = re.compile(rb"(?:[A-Za-z-]{1,40}: [^\r\n]*\r?\n){0,20}[ \t]*\r?\n")
_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = re.compile(rb"-----END PGP SIGNATURE-----[ \t]*(?:\r?\n|\Z)")
_MESSAGE_END = re.compile(rb"-----END PGP MESSAGE-----[ \t]*(?:\r?\n|\Z)")
_DASHES = re.compile(rb"^- ", re.MULTILINE)


def take_off(octets: bytes) -> tuple[bytes, str, list[bytes]]:
    """The text without its armour; pgp-signed, pgp-encrypted or nothing; and each encrypted block.

    That a text is signed says nothing of whether its signature is valid.
    """
    kept: list[bytes] = []
    encrypted: list[bytes] = []
    at = 0
    signed = False
    for _ in range(_BLOCKS):
        begin = _BEGIN.search(octets, at)
        if begin is None:
            break
        if begin[1] == b"MESSAGE":
            end = _MESSAGE_END.search(octets, begin.end())
            if end is None:
                break
            kept.append(octets[at : begin.start()])
            encrypted.append(octets[begin.start() : end.end()])
            at = end.end()
            continue
        fields = _FIELDS.match(octets, begin.end())
        start = fields.end() if fields else begin.end()
        signature = octets.find(_SIGNATURE, start)
        signed = True
        kept += [octets[at : begin.start()], _DASHES.sub(b"", octets[start : signature if signature >= 0 else None])]
        over = _SIGNATURE_END.search(octets, signature) if signature >= 0 else None
        at = over.end() if over else len(octets)
    text = b"".join([*kept, octets[at:]])
    return text, "pgp-encrypted" if encrypted else "pgp-signed" if signed else "", encrypted
