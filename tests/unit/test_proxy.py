"""The proxy does what its rules say, at the octet they name, and nothing else."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.postgresql import PostgreSql, at_port, socket_of
from support.proxy import LITERAL, Fault, Proxy, Rule, Way, proxy_to

UP, DOWN = Way.TO_SERVER, Way.TO_CLIENT


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(5)
        yield made


Line = tuple[socket.socket, socket.socket, Proxy]  # client, server, and the proxy between them
Opened = Callable[..., Line]


@pytest.fixture
def line(listener: socket.socket) -> Iterator[Opened]:
    """Opens a connection through a proxy with these rules."""
    sockets: list[socket.socket] = []

    with proxy_to(listener.getsockname()[1]) as proxy:

        def opened(*rules: Rule) -> Line:
            if rules:
                proxy.obey(*rules)
            client = socket.create_connection((proxy.host, proxy.port), timeout=5)
            server, _ = listener.accept()
            server.settimeout(5)
            sockets.extend((client, server))
            return client, server, proxy

        yield opened
    for sock in sockets:
        sock.close()


def heard(sock: socket.socket, octets: int) -> bytes:
    """So many octets, or all up to the end."""
    got = b""
    while len(got) < octets and (more := sock.recv(octets - len(got))):
        got += more
    return got


def hears_nothing_more(sock: socket.socket) -> bool:
    sock.settimeout(0.1)
    try:
        return sock.recv(1) is None
    except TimeoutError:
        return True


def test_without_a_rule_all_passes_both_ways_and_each_end_is_told_to_the_other(line: Opened) -> None:
    client, server, proxy = line()
    large = bytes(range(256)) * 20_000
    sending = threading.Thread(target=client.sendall, args=(large,))
    sending.start()
    server.sendall(b"hello")
    assert heard(client, 5) == b"hello"
    assert heard(server, len(large)) == large
    sending.join()
    client.shutdown(socket.SHUT_WR)
    assert server.recv(1) == b""
    server.sendall(b"bye")
    server.close()
    assert heard(client, 99) == b"bye"
    assert proxy.octets == len(large) + 8


def test_both_sides_may_talk_at_length_before_either_listens(line: Opened) -> None:
    client, server, _proxy = line()
    large = b"x" * 9_000_000
    senders = [threading.Thread(target=sock.sendall, args=(large,)) for sock in (client, server)]
    for sender in senders:
        sender.start()
    time.sleep(0.05)
    listeners = [threading.Thread(target=heard, args=(sock, len(large))) for sock in (client, server)]
    for listening in listeners:
        listening.start()
    for thread in (*senders, *listeners):
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.parametrize("octets", [0, 1, 7])
def test_a_connection_is_cut_after_so_many_octets_of_a_way(line: Opened, octets: int) -> None:
    client, server, proxy = line(Rule(way=DOWN, at=octets, fault=Fault.CUT))
    server.sendall(b"* OK ready\r\n")
    assert heard(client, 99) == b"* OK ready\r\n"[:octets]
    assert server.recv(1) == b""
    assert len(proxy.fired) == 1


def test_a_reset_is_met_as_an_error_on_both_sides(line: Opened) -> None:
    client, server, _proxy = line(Rule(way=UP, at=3, fault=Fault.RESET))
    client.sendall(b"abc")
    assert heard(server, 3) == b"abc"
    for sock in (client, server):
        with pytest.raises(ConnectionResetError):
            sock.recv(1)


def test_it_happens_after_what_was_seen_has_passed(line: Opened) -> None:
    client, server, _proxy = line(Rule(way=UP, seen=b"MOVE [0-9]+", fault=Fault.CUT))
    client.sendall(b"A1 UID MOVE 17 Processed\r\n")
    assert heard(server, 99) == b"A1 UID MOVE 17"


def test_it_happens_before_what_is_seen_passes(line: Opened) -> None:
    client, server, _proxy = line(Rule(way=UP, seen=b"MOVE", before=True, fault=Fault.CUT))
    client.sendall(b"A1 UID MOVE 17 Processed\r\n")
    assert heard(server, 99) == b"A1 UID "


def test_it_happens_inside_a_literal_though_the_literal_comes_later(line: Opened) -> None:
    client, server, _proxy = line(Rule(way=DOWN, seen=LITERAL, later=3, fault=Fault.CUT))
    server.sendall(b"* 1 FETCH (BODY[] {5}\r\n")
    assert heard(client, 23) == b"* 1 FETCH (BODY[] {5}\r\n"
    with suppress(OSError):
        server.sendall(b"hello)\r\n")
    assert heard(client, 99) == b"hel"


@pytest.mark.parametrize("before", [False, True])
def test_what_comes_in_two_pieces_is_seen(line: Opened, before: bool) -> None:
    client, server, _proxy = line(Rule(way=UP, seen=rb"\r\n\.\r\n", before=before, fault=Fault.CUT))
    client.sendall(b"text\r\n.")
    assert heard(server, 7) == b"text\r\n."
    client.sendall(b"\r\nmore")
    assert heard(server, 99) == (b"" if before else b"\r\n")


def test_it_happens_at_the_place_whose_turn_it_is_on_whatever_connection(line: Opened) -> None:
    rule = Rule(way=UP, seen=b"COMMIT", fault=Fault.CUT, skip=2, times=2)
    for number in range(5):
        client, server, proxy = line(*([rule] if number == 0 else []))
        client.sendall(b"COMMIT;")
        assert heard(server, 7) == (b"COMMIT" if number in (2, 3) else b"COMMIT;")
    assert proxy.fired == [rule, rule]
    assert proxy.connections == 5


def test_all_before_the_place_has_been_sent_when_the_call_comes_and_nothing_after_it(line: Opened) -> None:
    client, server, proxy = line()
    seen: list[bytes] = []

    def look() -> None:
        seen.append(heard(server, 6))
        assert hears_nothing_more(server)

    proxy.obey(Rule(way=UP, seen=b"COMMIT", call=look))
    client.sendall(b"COMMIT;after")
    assert proxy.struck()
    server.settimeout(5)
    assert (seen, heard(server, 6)) == ([b"COMMIT"], b";after")


def test_a_stalled_way_passes_nothing_and_the_other_goes_on(line: Opened) -> None:
    client, server, proxy = line(Rule(way=DOWN, at=4, fault=Fault.STALL))
    server.sendall(b"* OK ready\r\n")
    assert heard(client, 4) == b"* OK"
    assert proxy.struck()
    client.sendall(b"A1 NOOP\r\n")
    assert heard(server, 9) == b"A1 NOOP\r\n"
    assert hears_nothing_more(client)


def test_a_dripping_way_passes_an_octet_at_a_time(line: Opened) -> None:
    client, server, _proxy = line(Rule(way=DOWN, at=2, fault=Fault.DRIP, pause=0.05))
    began = time.monotonic()
    server.sendall(b"abcdef")
    assert heard(client, 6) == b"abcdef"
    assert time.monotonic() - began >= 0.15  # three pauses between four octets


def test_what_is_swallowed_is_lost_both_ways_and_nobody_is_told(line: Opened) -> None:
    client, server, proxy = line(Rule(way=UP, seen=b"IDLE", fault=Fault.SWALLOW))
    client.sendall(b"A1 IDLE\r\n")
    assert proxy.struck()
    assert heard(server, 7) == b"A1 IDLE"
    client.sendall(b"DONE\r\n")
    server.sendall(b"* 1 EXISTS\r\n")
    assert hears_nothing_more(server)
    assert hears_nothing_more(client)
    client.close()
    assert hears_nothing_more(server)


def test_rules_that_are_taken_back_harm_nobody(line: Opened) -> None:
    client, server, proxy = line(Rule(way=UP, seen=b"COMMIT", fault=Fault.CUT, times=None))
    proxy.obey()
    client.sendall(b"COMMIT;")
    assert heard(server, 7) == b"COMMIT;"
    assert not proxy.struck(seconds=0)


def test_the_server_may_listen_on_a_socket_with_a_path(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        with (
            proxy_to(str(tmp_path / "s")) as proxy,
            socket.create_connection((proxy.host, proxy.port), timeout=5) as client,
            listener.accept()[0] as server,
        ):
            client.sendall(b"hello")
            assert heard(server, 5) == b"hello"


def test_a_postgresql_commits_though_its_answer_is_lost(postgres: PostgreSql) -> None:
    rule = Rule(way=DOWN, seen=b"COMMIT\0", before=True, fault=Fault.CUT)
    with postgres.database() as url, proxy_to(socket_of(url)) as proxy:
        engine = sa.create_engine(at_port(url, proxy.port), poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE t (x int)"))
        proxy.obey(rule)
        with pytest.raises(sa.exc.OperationalError), engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO t VALUES (1)"))
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM t")) == 1


def test_where_the_server_is_away_the_client_is_hung_up_on(tmp_path: Path) -> None:
    with (
        proxy_to(str(tmp_path / "none")) as proxy,
        socket.create_connection((proxy.host, proxy.port), timeout=5) as client,
    ):
        assert client.recv(1) == b""


def test_a_rule_says_where() -> None:
    with pytest.raises(ValueError, match="at"):
        Rule(way=UP, fault=Fault.CUT)
