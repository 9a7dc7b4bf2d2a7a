"""Access tokens are asked for once, kept, renewed, and never told to anybody, whatever the provider does."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import trustme
from support.token_endpoint import (
    SECRET,
    Reply,
    TokenEndpoint,
    Trouble,
    cutting,
    dripping,
    error,
    flooding,
    stalling,
    token_endpoint,
)

from ingest.errors import Configuration, DeskError, Transient
from ingest.oauth2 import Client, TokenSource
from ingest.token_request import Endpoint


@pytest.fixture
def provider() -> Iterator[TokenEndpoint]:
    with token_endpoint() as endpoint:
        yield endpoint


def client(provider: TokenEndpoint, url: str = "", ca_file: str | None = None, **settings: Any) -> Client:
    """An application with its secret; the short patience is for what never answers."""
    endpoint = Endpoint(name="m365", url=url or provider.url, ca_file=ca_file, timeout_seconds=0.5, deadline_seconds=1)
    usual = {"client_id": "desk", "scope": "mail", "client_secret": lambda: SECRET}
    return Client(endpoint=endpoint, **usual | settings)


def source(provider: TokenEndpoint, **settings: Any) -> TokenSource:
    return TokenSource(client(provider, **settings))


def first(tokens: TokenSource, now: float = 0) -> str:
    return next(tokens.offers(now))


def failure(tokens: TokenSource, now: float = 0) -> DeskError:
    with pytest.raises(DeskError) as caught:
        tokens.offers(now)
    return caught.value


# What is asked, and how often.


def test_an_application_asks_with_its_secret_and_gets_a_token(provider: TokenEndpoint) -> None:
    assert first(source(provider)) == provider.given[0]
    wanted = {"grant_type": "client_credentials", "client_id": "desk", "scope": "mail", "client_secret": SECRET}
    assert provider.asked == [wanted]


def test_the_secret_goes_into_the_header_where_that_is_wanted(provider: TokenEndpoint) -> None:
    assert first(source(provider, basic=True)) == provider.given[0]
    wanted = {"grant_type": "client_credentials", "client_id": "desk", "scope": "mail", "client_secret": SECRET}
    assert provider.asked == [wanted | {"by": "header"}]


def test_a_refresh_token_acts_for_a_person(provider: TokenEndpoint) -> None:
    provider.refresh_tokens["refresh-1"] = "anna"
    token = first(source(provider, refresh_token=lambda: "refresh-1"))
    assert provider.living == {token: "anna"}
    assert provider.asked[0]["grant_type"] == "refresh_token"


def test_a_token_is_kept_until_shortly_before_it_expires(provider: TokenEndpoint) -> None:
    tokens = source(provider)
    assert first(tokens, 0) == first(tokens, 3299)
    assert len(provider.asked) == 1
    assert first(tokens, 3301) == provider.given[1]


@pytest.mark.parametrize(
    ("told", "good_for"),
    [(60, 48), ("60", 48), (None, 240), ("soon", 240), (float("nan"), 240), (0, 0), (-5, 0), (10**30, 86_100)],
)
def test_how_long_a_token_lasts_is_believed_within_reason(provider: TokenEndpoint, told: object, good_for: int) -> None:
    provider.seconds = told
    tokens = source(provider)
    first(tokens, 0)
    if good_for:
        first(tokens, good_for - 1)
        assert len(provider.asked) == 1
    first(tokens, good_for)
    assert len(provider.asked) == 2


def test_many_threads_share_one_token_and_ask_once(provider: TokenEndpoint) -> None:
    tokens = source(provider)
    together = threading.Barrier(8)

    def one(_number: int) -> str:
        together.wait(10)
        return first(tokens)

    with ThreadPoolExecutor(8) as threads:
        given = set(threads.map(one, range(8)))
    assert given == {provider.given[0]}
    assert len(provider.asked) == 1


def test_a_refused_token_that_was_kept_is_replaced_once(provider: TokenEndpoint) -> None:
    tokens = source(provider)
    kept = first(tokens)
    assert list(tokens.offers(1)) == [kept, provider.given[1]]
    assert len(provider.asked) == 2


def test_a_token_fresh_from_the_provider_is_not_replaced_when_it_is_refused(provider: TokenEndpoint) -> None:
    tokens = source(provider)
    assert list(tokens.offers(0)) == [provider.given[0]]
    assert len(provider.asked) == 1
    assert list(tokens.offers(1)) == [provider.given[1]]


def test_a_refusal_of_an_old_token_leaves_its_successor_alone(provider: TokenEndpoint) -> None:
    tokens = source(provider)
    first(tokens)
    slow, quick = tokens.offers(1), tokens.offers(1)
    next(slow), next(quick)
    successor = next(quick)
    assert next(slow) == successor
    assert len(provider.asked) == 2


# Refresh tokens that the provider renews.


def test_a_renewed_refresh_token_is_kept_and_used_from_then_on(provider: TokenEndpoint) -> None:
    provider.refresh_tokens["refresh-1"], provider.rotating = "anna", True
    kept: list[str] = []
    tokens = source(provider, refresh_token=lambda: "refresh-1", keep=kept.append)
    for now in (0, 4000, 8000):
        first(tokens, now)
    assert [form["refresh_token"] for form in provider.asked] == ["refresh-1", *kept[:2]]
    assert list(provider.refresh_tokens) == kept[2:]


def test_a_refresh_token_that_stays_the_same_is_not_written_again(provider: TokenEndpoint) -> None:
    provider.refresh_tokens["refresh-1"] = "anna"
    kept: list[str] = []
    first(source(provider, refresh_token=lambda: "refresh-1", keep=kept.append))
    assert kept == []


def test_a_refresh_token_that_somebody_has_put_there_since_wins(provider: TokenEndpoint) -> None:
    provider.refresh_tokens |= {"refresh-1": "anna", "refresh-2": "berta"}
    provider.rotating = True
    there = ["refresh-1"]
    tokens = source(provider, refresh_token=lambda: there[0])
    first(tokens, 0)
    there[0] = "refresh-2"
    assert provider.living[first(tokens, 4000)] == "berta"


# What goes wrong.

REFUSALS: list[tuple[Reply, str]] = [
    (error("invalid_client", "AADSTS7000222: The keys are expired.", 401), "AADSTS7000222.*make a new one"),
    (error("invalid_grant", "Token has been expired or revoked."), "expired or revoked.*get a new refresh token"),
    (error("unauthorized_client"), "Allow the application"),
    (error("access_denied", status=403), "An administrator has to grant"),
    (error("invalid_scope"), "Check scope"),
    (error("what_is_this"), "what_is_this.*Check tenant and token_url"),
    (error("<b>hostile\r\n\x1b[2J"), r"HTTP 400\)\. Check tenant and token_url"),
    (Reply(status=404, body=b"<html>not here</html>"), r"HTTP 404\)\. Check tenant"),
    (Reply(status=302, headers={"Location": "http://evil.example/"}), "No secret follows: mend token_url"),
]


@pytest.mark.parametrize(("reply", "words"), REFUSALS, ids=[words for _reply, words in REFUSALS])
def test_a_refusal_tells_the_operator_what_to_mend(provider: TokenEndpoint, reply: Reply, words: str) -> None:
    provider.troubles.append(reply)
    with pytest.raises(Configuration, match=words) as caught:
        source(provider).offers(0)
    assert "oauth2.m365" in str(caught.value)
    assert str(caught.value).isprintable()


TROUBLES: list[tuple[Trouble, str]] = [
    (error("temporarily_unavailable"), "has trouble of its own"),
    (Reply(status=500, body=b"oops"), r"has trouble of its own \(HTTP 500\)"),
    (error("server_error", status=503), "has trouble of its own"),
    (Reply(status=429), r"has trouble of its own \(HTTP 429\)"),
    (Reply(status=204), "cannot be understood"),
    (Reply(status=200, body=b"<html>Welcome to our Wi-Fi</html>"), "without an access token"),
    (Reply(status=200, body=b"[" * 50_000), "without an access token"),
    (Reply(status=200, body=b'{"access_token": ""}'), "without an access token"),
    (Reply(status=200, body=b'{"access_token": "a\\u0001b"}'), "without an access token"),
    (Reply(status=200, body=b'{"access_token": "a", "token_type": "mac"}'), "without an access token"),
    (stalling, "no answer within 0.5 seconds"),
    (dripping, "took longer than 1 seconds"),
    (cutting, "without an access token"),
    (flooding, "cannot be understood"),
]


@pytest.mark.parametrize(("trouble", "words"), TROUBLES)
def test_trouble_of_the_provider_passes(provider: TokenEndpoint, trouble: Trouble, words: str) -> None:
    provider.troubles.append(trouble)
    tokens = source(provider)
    with pytest.raises(Transient, match=words):
        tokens.offers(0)
    assert first(tokens, 10) == provider.given[0]


def test_a_provider_that_is_away_is_no_mistake_of_the_operator() -> None:
    with token_endpoint() as gone:
        pass
    with pytest.raises(Transient, match="cannot be reached"):
        source(gone).offers(0)


def test_a_failure_is_told_to_all_who_ask_meanwhile_and_the_pauses_grow(provider: TokenEndpoint) -> None:
    provider.troubles += [error("invalid_client", status=401)] * 100
    tokens = source(provider)
    told = {str(failure(tokens, second)) for second in range(3600)}
    assert len(told) == 1
    assert len(provider.asked) == 19  # after 2, 4, 8 ... seconds, and then every 300


def test_who_has_mended_something_need_not_wait(provider: TokenEndpoint) -> None:
    provider.troubles += [error("slow_down", status=429, Retry_After="3000")]
    tokens = source(provider)
    failure(tokens, 1)
    tokens.forget_failure()
    assert first(tokens, 2) == provider.given[0]


def test_a_provider_that_names_a_time_is_left_alone_until_then(provider: TokenEndpoint) -> None:
    provider.troubles.append(error("slow_down", status=429, Retry_After="120"))
    tokens = source(provider)
    failure(tokens, 0)
    failure(tokens, 119)
    assert len(provider.asked) == 1
    assert first(tokens, 120) == provider.given[0]


@pytest.mark.parametrize(("told", "seconds"), [("999999", 3600), ("Sun, 22 Nov 2026 10:00:00 GMT", 2), ("-3", 2)])
def test_how_long_to_wait_is_believed_within_reason(provider: TokenEndpoint, told: str, seconds: int) -> None:
    provider.troubles.append(error("slow_down", status=429, Retry_After=told))
    tokens = source(provider)
    failure(tokens, 0)
    failure(tokens, seconds - 1)
    assert first(tokens, seconds) == provider.given[0]


def test_a_secret_that_was_mended_is_used_without_a_new_start(provider: TokenEndpoint) -> None:
    there = ["wrong"]
    tokens = source(provider, client_secret=lambda: there[0])
    assert isinstance(failure(tokens, 0), Configuration)
    there[0] = SECRET
    assert first(tokens, 10) == provider.given[0]


# What must never be told.


@pytest.mark.parametrize("basic", [False, True])
def test_no_secret_is_in_a_message_even_where_the_provider_repeats_it(provider: TokenEndpoint, basic: bool) -> None:
    secret, refresh = "wr0ng+secret/of=ours", "refresh-token-of-anna"
    settings: dict[str, Any] = {"client_secret": lambda: secret, "basic": basic}
    told = str(failure(source(provider, **settings)))
    assert "You sent" in told
    told += str(failure(source(provider, client_id="desk", refresh_token=lambda: refresh)))
    assert "(secret) has been expired" in told
    for form in (secret, "wr0ng%2Bsecret%2Fof%3Dours", refresh):
        assert form not in told


def test_a_token_is_in_no_representation(provider: TokenEndpoint) -> None:
    tokens = source(provider)
    token = first(tokens)
    assert token not in repr(tokens) + repr(vars(tokens)["_client"])
    assert tokens.without_token(f"you said {token}") == "you said (secret)"


# TLS.


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[TokenEndpoint, str]]:
    """A provider with a certificate of its own authority, and that authority's certificate."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with token_endpoint(context) as endpoint:
        yield endpoint, str(tmp_path / "ca.pem")


def test_a_provider_with_an_authority_of_its_own_is_asked_over_tls(secured: tuple[TokenEndpoint, str]) -> None:
    provider, ca_file = secured
    assert first(source(provider, ca_file=ca_file)) == provider.given[0]


def test_a_certificate_that_is_not_trusted_gets_no_secret(secured: tuple[TokenEndpoint, str]) -> None:
    provider, _ = secured
    assert "certificate that is not trusted" in str(failure(source(provider)))
    assert provider.asked == []


def test_a_provider_that_stalls_in_the_greeting_is_given_up(secured: tuple[TokenEndpoint, str]) -> None:
    provider, ca_file = secured
    with token_endpoint() as clear:
        url = f"https://127.0.0.1:{clear.port}/token"
        assert isinstance(failure(source(provider, ca_file=ca_file, url=url)), Transient)
        assert clear.asked == []


def test_a_ca_file_that_is_no_certificate_is_named(provider: TokenEndpoint, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(Configuration, match=r"ca\.pem cannot be used"):
        source(provider, url="https://127.0.0.1:1/", ca_file=str(tmp_path / "ca.pem")).offers(0)


def test_a_secret_that_cannot_be_read_is_the_operators_to_mend(provider: TokenEndpoint) -> None:
    def missing() -> str:
        raise Configuration("The environment has no DAYDESK_SECRET.")

    asked: Callable[[], str] = missing
    assert "DAYDESK_SECRET" in str(failure(source(provider, client_secret=asked)))
    assert provider.asked == []
