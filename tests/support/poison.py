"""Mails that kill their reader: by a charset whose codec, of a module that this puts on its path, does what it says."""

from __future__ import annotations

from pathlib import Path

from support.mails import a_mail

_CODECS = """\
import codecs, ctypes, os, re, signal, sys, time
from pathlib import Path

FOLDER = Path({folder!r})

def crash():
    ctypes.string_at(0)

def abort():
    os.abort()

def leave():
    os._exit(3)

def hang():
    while True:
        pass

def hang_in_c():
    re.fullmatch("(a+)+b", "a" * 60)

def sleep():
    time.sleep(3600)

def stop():
    os.kill(os.getpid(), signal.SIGSTOP)

def bloat():
    held = bytearray()
    while True:
        held += bytes(10_000_000)

def swell():
    globals()["kept"] = b"x" * 60_000_000

def recurse():
    recurse()

def babble(octets=b"\\xff" * 99):
    for number in range(3, 20):
        try:
            os.write(number, octets)
        except OSError:
            pass

def babble_briefly():
    babble(b"\\0" * 7 + b"\\4junk")

def lie():
    babble(b"\\0" * 7 + b"\\5K\\1K\\2.")  # the number 2, which says nothing

def killed():
    os.kill(os.getpid(), signal.SIGKILL)

def once(act):
    def acting():
        flag = FOLDER / act.__name__
        if not flag.exists():
            flag.touch()
            act()
    return acting

NAMES = "crash abort leave hang hang_in_c sleep stop bloat swell recurse killed babble babble_briefly lie".split()
ACTS = {{name: globals()[name] for name in NAMES}}
ACTS |= {{name + "_once": once(act) for name, act in ACTS.items()}}

def codec(label):
    if not label.startswith("x_poison_"):
        return None
    def decode(octets, errors="strict"):
        ACTS[label.removeprefix("x_poison_")]()
        return codecs.ascii_decode(octets, "replace")
    return codecs.CodecInfo(name=label, encode=codecs.ascii_encode, decode=decode)

codecs.register(codec)
"""


def put_on_path(folder: Path) -> Path:
    """A folder to begin a path of modules with; Python imports what is in it by itself, as it starts."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_CODECS.format(folder=str(folder)))
    return folder


def a_poison(act: str, number: int = 1, subject: str | None = None) -> bytes:
    """A mail at which its reader does this, one of NAMES above; with _once behind it, only the first time."""
    return a_mail(number, subject=subject).replace(
        b"charset=utf-8", b"charset=x-poison-" + act.replace("_", "-").encode()
    )
