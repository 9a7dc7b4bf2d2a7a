"""A private Dovecot on loopback ports, for as long as the tests need it."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Template

import trustme
from imapclient import IMAPClient

MISSING = "Dovecot 2.3 is not installed: apt-get install dovecot-imapd"
PASSWORD = "correct-horse"
SECONDS_TO_START = 15

_CONFIGURATION = Template("""
base_dir = $base/run
state_dir = $base/run
log_path = $base/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <$base/server.pem
ssl_key = <$base/server.key
disable_plaintext_auth = no
auth_mechanisms = $mechanisms
auth_failure_delay = 0
default_internal_user = $user
default_internal_group = $group
default_login_user = $user
mail_uid = $user
mail_gid = $group
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 100
mail_plugins = acl
$oauth2
passdb {
  driver = static
  mechanisms = plain login
  args = password=$password
}
userdb {
  driver = static
  args = uid=$user gid=$group home=$base/home/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  prefix = $prefix
  separator = $separator
}
plugin {
  acl = vfile
}
service auth {
  client_limit = 3000
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  service_count = 0
  inet_listener imap {
    port = $port
  }
  inet_listener imaps {
    port = $tls_port
    ssl = yes
  }
}
service imap {
  service_count = 100
  process_min_avail = 1
}
$capability
$more
""")

# Dovecot tells of mail half a second late, but at once those who have been idle for a second.
HIBERNATING = """
imap_hibernate_timeout = 1s
service imap {
  unix_listener imap-master {
    mode = 0666
  }
}
service imap-hibernate {
  unix_listener imap-hibernate {
    mode = 0666
  }
}
"""
_OAUTH2 = """
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = %s
}
"""
_INTROSPECTION = """
introspection_mode = get
introspection_url = %s
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    """Any user name is let in with the one password, and finds an empty INBOX at first."""

    base: Path
    port: int  # plain, with STARTTLS
    tls_port: int
    ca_file: Path
    host: str = "127.0.0.1"
    password: str = PASSWORD

    @contextmanager
    def client(self, user: str) -> Iterator[IMAPClient]:
        """Another mail program of the same person."""
        with IMAPClient(self.host, self.port, ssl=False, timeout=20) as client:
            client.login(user, self.password)
            yield client

    def deliver(
        self, user: str, raws: Sequence[bytes], *, folder: str = "INBOX", received_at: datetime | None = None
    ) -> None:
        with self.client(user) as client:
            for raw in raws:
                client.append(folder, raw, msg_time=received_at)

    def maildir(self, user: str) -> Path:
        """Where the user's mail lies; there once the INBOX was opened."""
        return self.base / "home" / user / "Maildir"

    def log(self) -> str:
        return (self.base / "dovecot.log").read_text(errors="replace")


def why_not_here() -> str | None:
    """What is missing, and how to get it; None where Dovecot can be started."""
    program = _program()
    if program is None:
        return MISSING
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return None if said.startswith("2.3") else f"{MISSING} (found {said.strip() or 'one that does not start'})"


@contextmanager
def running_dovecot(
    *, capability: str = "", prefix: str = "", separator: str = "/", introspection_url: str = "", more: str = ""
) -> Iterator[Dovecot]:
    """`capability`: all that the server says it can; the rest it hides. `prefix`: of the personal namespace.

    With an `introspection_url` (RFC 7662) it takes access tokens by XOAUTH2, and asks there about each. `more`: of its
    configuration, such as HIBERNATING.
    """
    base = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        server = _configure(
            base,
            capability=capability,
            prefix=prefix,
            separator=separator,
            introspection_url=introspection_url,
            more=more,
        )
        process = subprocess.Popen([str(_program()), "-F", "-c", str(base / "dovecot.conf")])
        try:
            _await(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=SECONDS_TO_START)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _program() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _configure(
    base: Path, *, capability: str, prefix: str, separator: str, introspection_url: str, more: str
) -> Dovecot:
    # Dovecot keeps no mail as root; an ordinary user's Dovecot can be nobody else.
    owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(base / "ca.pem")
    certificate.private_key_pem.write_to_path(base / "server.key")
    certificate.cert_chain_pems[0].write_to_path(base / "server.pem")
    server = Dovecot(base=base, port=_free_port(), tls_port=_free_port(), ca_file=base / "ca.pem")
    (base / "home").mkdir()
    os.chown(base / "home", owner.pw_uid, owner.pw_gid)
    base.chmod(0o755)
    (base / "oauth2.conf").write_text(_INTROSPECTION % introspection_url)
    configuration = _CONFIGURATION.substitute(
        base=base,
        user=owner.pw_name,
        group=grp.getgrgid(owner.pw_gid).gr_name,
        password=PASSWORD,
        port=server.port,
        tls_port=server.tls_port,
        prefix=prefix,
        separator=separator,
        mechanisms="plain login xoauth2" if introspection_url else "plain login",
        oauth2=_OAUTH2 % (base / "oauth2.conf") if introspection_url else "",
        more=more,
        capability=f"imap_capability = {capability}" if capability else "",
    )
    (base / "dovecot.conf").write_text(configuration)
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            with socket.create_connection((server.host, server.tls_port), timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"Dovecot did not come up:\n{server.log()}")
