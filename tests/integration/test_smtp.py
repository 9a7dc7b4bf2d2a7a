"""Mail is handed over on real sockets, and what became of it is told truly wherever the line is cut."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from support.scripted_smtp import GOOD, Act, Script, ScriptedSmtp

from ingest.errors import Configuration, Transient
from processor.demo.loopback import ANY_FREE_PORT, HOST, LoopbackServer
from processor.outgoing.compose import OutgoingMail
from processor.outgoing.smtp import Delivery, Outcome, Sender, SmtpAccount


def a_mail(number: int = 1, **more: Any) -> OutgoingMail:
    values: dict[str, Any] = {
        "message_id": f"<{number}@desk.example>",
        "envelope_from": "",
        "recipient": "client@client.example",
        "content": b"Subject: s\r\n\r\nbody %d\r\n" % number,
    }
    return OutgoingMail(**(values | more))


def account(server: Any, **more: Any) -> SmtpAccount:
    values: dict[str, Any] = {"host": server.host, "port": server.port, "security": "plain", "timeout_seconds": 5}
    return SmtpAccount(**(values | more))


class Server(LoopbackServer):
    """aiosmtpd: an SMTP server that others wrote."""

    def __init__(self, *, implicit_tls: ssl.SSLContext | None = None, **options: Any) -> None:
        super().__init__()
        self._implicit_tls = implicit_tls
        self._options = options
        self.envelopes: list[Envelope] = []
        self.sessions: list[Session] = []

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        self.sessions.append(session)
        return "250 2.0.0 taken"

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(self._conversation, HOST, ANY_FREE_PORT, ssl=self._implicit_tls)

    def _conversation(self) -> SMTP:
        server = self

        class Conversation(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                server._picked_up(transport)
                super().connection_made(transport)

        return Conversation(self, hostname=HOST, loop=asyncio.get_running_loop(), **self._options)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


def certified(authority: trustme.CA, name: str = HOST) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def authenticator(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    good = (data.login, data.password) == (b"desk", "pässword".encode())
    return AuthResult(success=good, handled=False)


# What a good server does


def test_mail_arrives_over_implicit_tls_after_a_login(authority: trustme.CA, ca_file: Path) -> None:
    with (
        Server(implicit_tls=certified(authority), authenticator=authenticator, auth_require_tls=False) as server,
        Sender(account(server, security="tls", ca_file=ca_file, username="desk", password="pässword")) as sender,
    ):
        delivery = sender.send(a_mail())
        assert sender.check().endswith("takes mail over TLSv1.3, as desk.")
    assert delivery == Delivery(outcome=Outcome.DELIVERED, reply="250 2.0.0 taken", step="content")
    (envelope,) = server.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("<>", ["client@client.example"])
    assert envelope.original_content == a_mail().content
    assert server.sessions[0].authenticated


def test_mail_arrives_over_starttls_after_a_login(authority: trustme.CA, ca_file: Path) -> None:
    with (
        Server(tls_context=certified(authority), require_starttls=True, authenticator=authenticator) as server,
        Sender(account(server, security="starttls", ca_file=ca_file, username="desk", password="pässword")) as sender,
    ):
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    assert server.sessions[0].ssl is not None
    assert server.sessions[0].authenticated


def test_a_server_that_knows_login_alone_is_entered_by_it() -> None:
    with (
        Server(authenticator=authenticator, auth_require_tls=False, auth_exclude_mechanism=["PLAIN"]) as server,
        Sender(account(server, username="desk", password="pässword")) as sender,
    ):
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    assert server.sessions[0].authenticated


def test_many_mails_go_over_one_connection() -> None:
    with ScriptedSmtp() as server, Sender(account(server)) as sender:
        for number in range(20):
            assert sender.send(a_mail(number)).outcome is Outcome.DELIVERED
    (conversation,) = server.conversations
    assert conversation.contents == [a_mail(number).content for number in range(20)]
    assert conversation.commands[-1] == "quit"


def test_a_connection_made_beforehand_is_the_one_that_mail_goes_over() -> None:
    with ScriptedSmtp() as server, Sender(account(server)) as sender:
        sender.connect()
        sender.connect()
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    assert len(server.conversations) == 1


def test_the_envelope_is_the_mail_s_own_and_we_greet_by_our_address() -> None:
    with ScriptedSmtp() as server, Sender(account(server)) as sender:
        sender.send(a_mail(envelope_from="accounts+b-1@desk.example", recipient='"john doe"@client.example'))
    assert server.conversations[0].commands[:4] == [
        "ehlo [127.0.0.1]",
        "MAIL FROM:<accounts+b-1@desk.example>",
        'RCPT TO:<"john doe"@client.example>',
        "DATA",
    ]


def test_lines_that_begin_with_a_dot_arrive_and_none_ends_the_mail_early() -> None:
    content = b"Subject: s\r\n\r\n.\r\n..\r\n.hidden\nMAIL FROM:<x@y>\r.\n.\rlast"
    with Server() as server, Sender(account(server)) as sender:
        assert sender.send(a_mail(content=content)).outcome is Outcome.DELIVERED
        assert sender.send(a_mail(2)).outcome is Outcome.DELIVERED
    first, second = server.envelopes
    assert first.content == b"Subject: s\r\n\r\n.\r\n..\r\n.hidden\r\nMAIL FROM:<x@y>\r\n.\r\n.\r\nlast\r\n"
    assert second.content == a_mail(2).content


def test_a_large_mail_arrives_whole() -> None:
    content = b"Subject: s\r\n\r\n" + b"0123456789\r\n" * 200_000
    with Server() as server, Sender(account(server)) as sender:
        assert sender.send(a_mail(content=content)).outcome is Outcome.DELIVERED
    assert server.envelopes[0].original_content == content


def test_an_international_address_is_sent_where_the_server_takes_it() -> None:
    mail = a_mail(recipient="jürgen@bücher.example", content="To: <jürgen@bücher.example>\r\n\r\nx\r\n".encode())
    with Server(enable_SMTPUTF8=True) as server, Sender(account(server)) as sender:
        assert sender.send(mail).outcome is Outcome.DELIVERED
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    international, plain = server.envelopes
    assert international.rcpt_tos == ["jürgen@bücher.example"]
    assert international.mail_options == ["BODY=8BITMIME", "SMTPUTF8"]
    assert international.original_content == mail.content
    assert plain.mail_options == []


def test_an_international_address_is_refused_where_the_server_does_not_take_it() -> None:
    with ScriptedSmtp() as server, Sender(account(server)) as sender:
        delivery = sender.send(a_mail(recipient="jürgen@client.example"))
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    assert (delivery.outcome, delivery.step) == (Outcome.REFUSED, "MAIL")
    assert "SMTPUTF8" in delivery.reply
    assert len(server.contents) == 1


@pytest.mark.parametrize("recipient", ["a@b\r\nRCPT TO:<victim@x.example>", "a@b> NOTIFY=SUCCESS", "a\x00@b"])
def test_an_address_with_a_command_in_it_never_reaches_the_wire(recipient: str) -> None:
    with ScriptedSmtp() as server, Sender(account(server)) as sender:
        assert sender.send(a_mail(recipient=recipient)).outcome is Outcome.REFUSED
    assert server.conversations == []


# What a server may say


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "dot"])
@pytest.mark.parametrize(("code", "outcome"), [("451", Outcome.DEFERRED), ("550", Outcome.REFUSED)])
def test_a_refusal_is_told_with_its_step_and_the_connection_goes_on(step: str, code: str, outcome: Outcome) -> None:
    with ScriptedSmtp({step: f"{code} 5.0.0 because"}) as server, Sender(account(server)) as sender:
        for _ in range(2):
            delivery = sender.send(a_mail())
            assert delivery == Delivery(
                outcome=outcome, reply=f"{code} 5.0.0 because", step={"dot": "content"}.get(step, step)
            )
    (conversation,) = server.conversations
    assert conversation.commands.count("rset") == 2


def test_the_server_s_last_words_are_one_short_line_without_control_characters() -> None:
    words = "550-first\x1b[2J\r\n550-" + "x" * 400 + "\r\n550 last" + "y" * 400
    with ScriptedSmtp({"RCPT": words}) as server, Sender(account(server)) as sender:
        reply = sender.send(a_mail()).reply
    assert reply.startswith("550 first [2J xxx")
    assert reply.isprintable()
    assert len(reply) == 500


@pytest.mark.parametrize("answer", ["250 what?", "hello", "200"])
def test_an_answer_to_data_that_is_none_is_deferred_and_the_connection_given_up(answer: str) -> None:
    with ScriptedSmtp({"DATA": answer}, {}) as server, Sender(account(server)) as sender:
        delivery = sender.send(a_mail())
        assert (delivery.outcome, delivery.step) == (Outcome.DEFERRED, "DATA")
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    assert len(server.conversations) == 2


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("354 more?", "354 more?"),
        ("150 wait", "150 wait"),
        ("???", "no SMTP reply:"),
        ("250-" + "x" * 9_000, "connection lost: (500, 'Line too long.')"),
    ],
)
def test_an_answer_to_the_mail_that_says_neither_yes_nor_no_is_unknown(answer: str, reply: str) -> None:
    with ScriptedSmtp({"dot": answer}, {}) as server, Sender(account(server)) as sender:
        delivery = sender.send(a_mail())
        assert (delivery.outcome, delivery.reply) == (Outcome.UNKNOWN, reply)
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED


@pytest.mark.parametrize("reset", ["500 what?", Act.CUT])
def test_a_server_that_cannot_forget_a_refused_mail_is_met_anew(reset: str | Act) -> None:
    with ScriptedSmtp({"RCPT": "550 no", "RSET": reset}, {}) as server, Sender(account(server)) as sender:
        assert sender.send(a_mail()).outcome is Outcome.REFUSED
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    assert len(server.conversations) == 2


# Where the line may be cut


@pytest.mark.parametrize("act", [Act.CUT, Act.RESET, Act.STALL, Act.DRIP])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_cut_before_the_content_is_deferred_and_the_next_mail_meets_the_server_anew(step: str, act: Act) -> None:
    with (
        ScriptedSmtp({step: act}, {}) as server,
        Sender(account(server, timeout_seconds=0.2, deadline_seconds=0.5)) as sender,
    ):
        delivery = sender.send(a_mail())
        assert (delivery.outcome, delivery.step) == (Outcome.DEFERRED, step)
        assert delivery.reply.startswith("connection lost: ")
        assert server.contents == []
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    assert len(server.contents) == 1


@pytest.mark.parametrize("act", [Act.CUT, Act.RESET, Act.STALL])
def test_a_cut_inside_the_content_is_deferred(act: Act) -> None:
    content = b"Subject: s\r\n\r\n" + b"x" * 70 * 1_000_000  # more than two socket buffers hold
    with ScriptedSmtp({"content": act}, {}) as server, Sender(account(server, deadline_seconds=1)) as sender:
        delivery = sender.send(a_mail(content=content))
        assert (delivery.outcome, delivery.step) == (Outcome.DEFERRED, "content")
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
    assert server.contents == [a_mail().content]


@pytest.mark.parametrize("act", [Act.CUT, Act.RESET, Act.STALL, Act.DRIP])
def test_a_cut_after_the_final_dot_is_unknown(act: Act) -> None:
    with ScriptedSmtp({"dot": act}, {}) as server, Sender(account(server, deadline_seconds=0.5)) as sender:
        delivery = sender.send(a_mail())
        assert (delivery.outcome, delivery.step) == (Outcome.UNKNOWN, "content")
        assert delivery.reply.startswith("connection lost: ")
        assert server.contents == [a_mail().content]
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED


def test_a_slow_answer_to_a_mail_is_waited_for_longer_than_any_other() -> None:
    class Slow(Server):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            await asyncio.sleep(0.5)
            return await super().handle_DATA(server, session, envelope)

    with Slow() as server, Sender(account(server, timeout_seconds=0.2, deadline_seconds=5)) as sender:
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    with ScriptedSmtp({"MAIL": Act.DRIP}) as server, Sender(account(server, deadline_seconds=0.3)) as sender:
        begun = time.monotonic()
        assert sender.send(a_mail()).outcome is Outcome.DEFERRED
        assert time.monotonic() - begun < 20  # endless without the deadline


@pytest.mark.parametrize("act", ["421 4.4.2 idle too long", Act.CUT, Act.RESET])
def test_a_kept_connection_that_the_server_left_is_opened_anew_and_the_mail_goes_out(act: str | Act) -> None:
    with ScriptedSmtp({"MAIL": ("250 ok", act)}, {}) as server, Sender(account(server)) as sender:
        assert sender.send(a_mail(1)).outcome is Outcome.DELIVERED
        assert sender.send(a_mail(2)).outcome is Outcome.DELIVERED
    assert server.contents == [a_mail(1).content, a_mail(2).content]


def test_a_server_that_closes_again_at_once_is_not_tried_for_ever() -> None:
    going = "421 4.3.2 going down"
    with ScriptedSmtp({"MAIL": ("250 ok", going)}, {"MAIL": going}) as server, Sender(account(server)) as sender:
        assert sender.send(a_mail(1)).outcome is Outcome.DELIVERED
        assert sender.send(a_mail(2)) == Delivery(outcome=Outcome.DEFERRED, reply=going, step="MAIL")
    assert len(server.conversations) == 2


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_kept_connection_cut_within_a_mail_defers_it(step: str) -> None:
    with ScriptedSmtp({step: (GOOD[step], Act.CUT)}, {}) as server, Sender(account(server)) as sender:
        assert sender.send(a_mail(1)).outcome is Outcome.DELIVERED
        assert sender.send(a_mail(2)).outcome is Outcome.DEFERRED
    assert server.contents == [a_mail(1).content]


def test_a_server_that_is_gone_when_the_kept_connection_ends_is_a_lack_of_the_moment() -> None:
    with ScriptedSmtp() as server:
        sender = Sender(account(server))
        assert sender.send(a_mail(1)).outcome is Outcome.DELIVERED
    with sender, pytest.raises(Transient, match="cannot be reached now"):
        sender.send(a_mail(2))


def test_goodbye_to_a_server_that_has_left_is_no_trouble() -> None:
    with ScriptedSmtp({"QUIT": Act.CUT}) as server:
        sender = Sender(account(server))
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
        sender.close()
        sender.close()


# Where the server cannot be entered


def refused_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_a_server_that_is_away_is_a_lack_of_the_moment() -> None:
    with (
        Sender(SmtpAccount(host=HOST, port=refused_port(), security="plain")) as sender,
        pytest.raises(Transient, match=rf"The SMTP server {HOST}:\d+ cannot be reached now .*: nothing was sent"),
    ):
        sender.send(a_mail())


def test_a_name_that_nobody_knows_is_a_lack_of_the_moment() -> None:
    with (
        Sender(SmtpAccount(host="smtp.invalid", security="plain", allow_plain=True)) as sender,
        pytest.raises(Transient, match=r"check smtp\.host"),
    ):
        sender.send(a_mail())


@pytest.mark.parametrize("act", ["421 4.3.2 too busy", "450 later", Act.CUT, Act.RESET, Act.STALL, Act.DRIP])
@pytest.mark.parametrize("step", ["greeting", "EHLO"])
def test_a_server_that_lets_nobody_in_now_is_a_lack_of_the_moment(step: str, act: str | Act) -> None:
    script: Script = {step: act, "HELO": "421 4.3.2 too busy"}
    with (
        ScriptedSmtp(script) as server,
        Sender(account(server, timeout_seconds=0.2, deadline_seconds=0.4)) as sender,
        pytest.raises(Transient, match="nothing was sent, and it is tried again"),
    ):
        sender.send(a_mail())


@pytest.mark.parametrize(
    "script", [{"greeting": "554 5.7.1 not you"}, {"EHLO": "550 5.7.1 not you", "HELO": "550 not you"}]
)
def test_a_server_that_will_never_let_us_in_needs_a_person(script: Script) -> None:
    with (
        ScriptedSmtp(script) as server,
        Sender(account(server)) as sender,
        pytest.raises(Configuration, match=r"does not let us in \(55[04] .*not you\)"),
    ):
        sender.check()


def test_a_server_that_speaks_only_helo_is_served() -> None:
    with (
        ScriptedSmtp({"EHLO": "502 what?", "HELO": "250 hello"}) as server,
        Sender(account(server)) as sender,
    ):
        assert sender.send(a_mail()).outcome is Outcome.DELIVERED
        assert sender.check().endswith("takes mail in clear text, without a login.")


def test_a_wrong_password_is_tried_once_and_needs_a_person() -> None:
    tries = []

    def refuse(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, _data: Any) -> AuthResult:
        tries.append(mechanism)
        return AuthResult(success=False, handled=False)

    with (
        Server(authenticator=refuse, auth_require_tls=False) as server,
        Sender(account(server, username="desk", password="s3cret-word")) as sender,
        pytest.raises(Configuration, match=r"refuses the login of desk \(535 .*\): check smtp.username") as raised,
    ):
        sender.send(a_mail())
    assert tries == ["PLAIN"]
    assert "s3cret-word" not in str(raised.value)


@pytest.mark.parametrize(
    ("script", "error", "words"),
    [
        ({"EHLO": "250-x\r\n250 AUTH PLAIN LOGIN", "AUTH": "454 4.7.0 later"}, Transient, "takes no login now"),
        ({"EHLO": "250-x\r\n250 AUTH LOGIN", "AUTH": "454 4.7.0 later"}, Transient, "takes no login now"),
        ({"EHLO": "250-x\r\n250 AUTH PLAIN", "AUTH": Act.CUT}, Transient, "cannot be reached now"),
        ({"EHLO": "250-x\r\n250 AUTH GSSAPI CRAM-MD5"}, Configuration, "it offers GSSAPI, CRAM-MD5"),
        ({}, Configuration, "it offers none at all"),
    ],
)
def test_a_login_that_cannot_be_is_told_apart(script: Script, error: type[Exception], words: str) -> None:
    with (
        ScriptedSmtp(script) as server,
        Sender(account(server, username="desk", password="x")) as sender,
        pytest.raises(error, match=words),
    ):
        sender.send(a_mail())


def test_a_login_wanted_for_one_recipient_defers_his_mail_and_stops_no_other() -> None:
    with ScriptedSmtp({"RCPT": "530 5.7.1 Authentication required"}) as server, Sender(account(server)) as sender:
        delivery = sender.send(a_mail())
    assert (delivery.outcome, delivery.step) == (Outcome.DEFERRED, "RCPT")
    assert "530 5.7.1 Authentication required" in delivery.reply


def test_a_server_that_wants_a_login_costs_no_mail() -> None:
    with (
        ScriptedSmtp({"MAIL": "530 5.7.0 Authentication required"}) as server,
        Sender(account(server)) as sender,
        pytest.raises(Configuration, match=r"wants a login .*set smtp.username"),
    ):
        sender.send(a_mail())


def test_without_starttls_nothing_is_said_in_clear_text() -> None:
    with (
        ScriptedSmtp({"EHLO": "250-x\r\n250 AUTH PLAIN"}) as server,
        Sender(account(server, security="starttls", username="desk", password="x")) as sender,
        pytest.raises(Configuration, match="does not offer STARTTLS"),
    ):
        sender.send(a_mail())
    assert server.conversations[0].commands == ["ehlo [127.0.0.1]"]


@pytest.mark.parametrize(("answer", "error"), [("454 4.7.0 later", Transient), ("501 no", Configuration)])
def test_starttls_offered_but_refused_is_not_done_without(answer: str, error: type[Exception]) -> None:
    with (
        ScriptedSmtp({"EHLO": "250-x\r\n250 STARTTLS", "STARTTLS": answer}) as server,
        Sender(account(server, security="starttls")) as sender,
        pytest.raises(error),
    ):
        sender.send(a_mail())
    assert [command for command in server.conversations[0].commands if command.startswith("MAIL")] == []


@pytest.fixture(params=["tls", "starttls"])
def security(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tls_server(security: str, authority: trustme.CA) -> Iterator[Callable[[str], Server]]:
    """Starts a server whose certificate is for this name."""
    servers: list[Server] = []

    def start(name: str) -> Server:
        context = certified(authority, name)
        server = Server(implicit_tls=context) if security == "tls" else Server(tls_context=context)
        servers.append(server)
        return server.__enter__()

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def test_a_certificate_of_an_unknown_authority_is_refused(security: str, tls_server: Callable[[str], Server]) -> None:
    with (
        Sender(account(tls_server(HOST), security=security)) as sender,
        pytest.raises(Configuration, match=r"cannot be trusted \(.*certificate.*\): .*smtp.ca_file"),
    ):
        sender.send(a_mail())


def test_a_certificate_for_another_name_is_refused(
    security: str, tls_server: Callable[[str], Server], ca_file: Path
) -> None:
    with (
        Sender(account(tls_server("other.example"), security=security, ca_file=ca_file)) as sender,
        pytest.raises(Configuration, match=r"cannot be trusted \(.*mismatch.*\): write smtp.host as"),
    ):
        sender.send(a_mail())


def test_a_server_that_speaks_no_tls_is_told_as_such(ca_file: Path) -> None:
    with (
        ScriptedSmtp() as server,
        Sender(account(server, security="tls", ca_file=ca_file)) as sender,
        pytest.raises(Configuration, match=r"does not speak TLS as it should .* smtp.port"),
    ):
        sender.send(a_mail())


def test_a_server_that_cuts_the_tls_handshake_is_a_lack_of_the_moment(ca_file: Path) -> None:
    with (
        ScriptedSmtp({"greeting": Act.CUT}) as server,
        Sender(account(server, security="tls", ca_file=ca_file)) as sender,
        pytest.raises(Transient),
    ):
        sender.send(a_mail())
