"""Waits for a person's browser to come back: to a port of this machine, or as the address that he pastes."""

from __future__ import annotations

import select
import socket
import time
from typing import TextIO

import typer

from ingest.consent import Consent
from ingest.deadline import Deadline
from ingest.errors import Transient

REQUEST_SECONDS, REQUEST_OCTETS = 10, 16_384
PAGE = "Daydesk has heard you. Close this window, and look at the terminal.\n"
NOT_IT = "That is not it: paste the whole address of the page on which the browser ended."


def code_from(consent: Consent, listener: socket.socket, pasted: TextIO, seconds: float) -> str:
    """The code that answers this question. Raises Configuration where the answer is no, Transient where none comes."""
    end = time.monotonic() + seconds
    sources: list[socket.socket | TextIO] = [listener, pasted]
    while (left := end - time.monotonic()) > 0:
        for source in select.select(sources, [], [], left)[0]:
            if source is listener:
                address = _visited(listener)
            elif not (address := pasted.readline()):
                sources.remove(pasted)  # nobody sits there
                continue
            if code := consent.code(address):
                return code
            if source is pasted:
                typer.echo(NOT_IT, err=True)
    raise Transient(f"Nobody answered within {seconds / 60:g} minutes: begin again.")


def _visited(listener: socket.socket) -> str:
    """The address that a browser asked for; nothing where it was none."""
    connection, _ = listener.accept()
    try:
        with connection, Deadline(REQUEST_SECONDS, lambda: connection), connection.makefile("rb") as lines:
            method, _, rest = lines.readline(REQUEST_OCTETS).decode("ascii", "replace").partition(" ")
            body = PAGE.encode()
            head = ("HTTP/1.1 200 OK", "Content-Type: text/plain", f"Content-Length: {len(body)}", "Connection: close")
            connection.sendall("\r\n".join((*head, "", "")).encode() + body)
            return rest.partition(" ")[0] if method == "GET" else ""
    except OSError:  # it went away, or took too long
        return ""
