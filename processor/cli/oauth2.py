"""The command about access tokens: a person lets the desk into his mailbox."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import Configuration, in_words
from processor.cli.options import CONFIG, Config

if TYPE_CHECKING:
    from processor.policy import OAuth2, Policy

WAIT_SECONDS = 600

app = typer.Typer(help="Access tokens for mailboxes and SMTP.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Else the one command would be the group itself."""


@app.command()
def login(
    name: Annotated[str, typer.Argument(help="The NAME of an [oauth2.NAME] table with a refresh_token.")],
    config: Config = CONFIG,
    port: Annotated[int, typer.Option(help="Of this machine, for the browser to come back to; 0: any.")] = 0,
) -> None:
    """Asks a person to let the desk into his mailbox, and keeps the refresh token where the policy says.

    Prints an address for a browser. The browser comes back by itself where it runs on this machine; where it does
    not, paste the address of the page on which it ends.
    """
    from dataclasses import replace

    from ingest.consent import Consent
    from processor.cli.browser import code_from
    from processor.cli.opening import open_policy
    from processor.stages.tokens import client_of

    policy = open_policy(config)
    table = _table(policy, name)
    with _listening(port) as listener:
        consent = Consent(
            client=replace(client_of(name, table, policy.folder), scope=table.consent_scope),
            authorize_url=table.consent_url or "",
            redirect=f"http://localhost:{listener.getsockname()[1]}",
            more=table.consent_more,
        )
        typer.echo(_question(policy, name, consent.address))
        code = code_from(consent, listener, sys.stdin, WAIT_SECONDS)
    token = consent.refresh_token(code)
    assert table.refresh_token is not None  # noqa: S101 - for the type checker: _table has looked
    table.refresh_token.replace(policy.folder, token)
    typer.echo(f"The refresh token is kept in {table.refresh_token.file}. Next: `daydesk check`.")


def _table(policy: Policy, name: str) -> OAuth2:
    """The table, if a person can agree to it and what he agrees to can be kept."""
    table = policy.oauth2.get(name)
    if table is None:
        raise Configuration(f"There is no [oauth2.{name}] in the policy: {', '.join(policy.oauth2) or 'write one'}.")
    if table.refresh_token is None or table.refresh_token.file is None:
        raise Configuration(f'oauth2.{name} has no file for it: write refresh_token = {{ file = "{name}.refresh" }}.')
    if table.consent_url is None:
        raise Configuration(f"oauth2.{name} does not say where a person agrees: write authorize_url.")
    return table


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise Configuration(f"--port {port} cannot be listened on ({in_words(error)}): name another.") from None


def _question(policy: Policy, name: str, address: str) -> str:
    from processor.policy import ImapSource

    logins: dict[str | None, str | None] = {policy.smtp.username: policy.smtp.oauth2}
    logins |= {one.username: one.oauth2 for one in policy.mailboxes if isinstance(one, ImapSource)}
    users = [user for user, by in logins.items() if user and by == name]
    who = " or ".join(users) or "the mailbox's user"
    return (
        f"Open this address in a browser, log in as {who}, and allow it:\n\n{address}\n\n"
        "Does the browser run on another machine? It ends on a page that cannot be reached: paste its address here."
    )
