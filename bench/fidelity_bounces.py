"""Figure 3 of fidelity: bounces of a public corpus recognised, their status found, other mail not taken for one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.message import Message
from ingest.parser import parse
from processor.policy import Policy
from processor.triage.automatic import Kind, read_automatic

KINDS = {"bounce": Kind.BOUNCE, "feedback report": Kind.COMPLAINT, "automatic reply": Kind.AUTO_REPLY}
OTHERS = ("mikel_mail/**/*.eml", "mikel_mail/sample_output_multipart", "enmime/**/*.raw", "tnef/*.eml")
REPLIES = "replies/emails/*.txt"  # bodies alone
# Among the others, of which the list says no more than that they are mails, these are delivery reports.
REPORTS = (
    "mikel_mail/mime_emails/raw_email_with_mimepart_without_content_type.eml",
    "mikel_mail/multipart_report_emails/",
    "enmime/mail/multipart-wo-boundary.raw",
)

# The list's own reader writes X.0.9NN where a mail tells no status: that number is its own, the reason beside it is
# what it read in the words. Any status with which RFC 3463 and IANA's list say the same counts as that reason.
SAME = {
    "authfailure": ("7.26", "7.1"),
    "badreputation": ("7.1",),
    "blocked": ("7.1",),
    "contenterror": ("6.0", "6.1"),
    "exceedlimit": ("2.3",),
    "expired": ("4.7", "4.1", "4.2"),
    "filtered": ("1.1", "2.1", "7.1"),
    "hasmoved": ("1.6",),
    "hostunknown": ("1.2", "4.4"),
    "mailboxfull": ("2.2",),
    "mailererror": ("3.0", "3.5"),
    "mesgtoobig": ("3.4", "2.3"),
    "networkerror": ("4.1", "4.2", "4.3", "4.4", "4.6"),
    "norelaying": ("7.1",),
    "notaccept": ("3.2", "4.4", "1.10"),
    "notcompliantrfc": ("6.0", "7.1"),
    "onhold": ("0.0",),
    "policyviolation": ("7.1", "7.0"),
    "rejected": ("7.1", "1.8", "1.7"),
    "requireptr": ("7.25",),
    "securityerror": ("7.1", "7.0"),
    "spamdetected": ("7.1", "6.0"),
    "suspend": ("2.1",),
    "syntaxerror": ("5.0", "5.2"),
    "systemerror": ("3.0", "3.5"),
    "systemfull": ("3.1",),
    "toomanyconn": ("7.1", "4.5", "3.2"),
    "undefined": ("0.0",),
    "userunknown": ("1.1", "1.10"),
    "virusdetected": ("7.1", "6.0"),
}


_OWN_NUMBER = re.compile(r"[45]\.0\.9\d\d:")


@dataclass(kw_only=True)
class Bounces:
    """Counts of files, and which were missed."""

    bounces: int = 0  # files of the list that are delivery reports
    recognised: int = 0
    others: dict[str, tuple[int, int]] = field(default_factory=dict)  # feedback reports, automatic replies: as such, of
    stated: int = 0  # bounces whose list states a status
    found: int = 0
    exact: tuple[int, int] = (0, 0)  # of those whose status is written in the mail: found, of
    named: tuple[int, int] = (0, 0)  # bounces whose recipients were found: of
    more: tuple[int, int] = (0, 0)  # delivery reports among the other mail: recognised, of
    mails: int = 0  # mails that are no reports
    taken: int = 0  # of them taken for a bounce
    misses: list[str] = field(default_factory=list)

    @property
    def figures(self) -> tuple[float, float, float]:
        """Recognised, status found, other mail taken for a bounce."""
        return self.recognised / self.bounces, self.found / self.stated, self.taken / self.mails

    def __str__(self) -> str:
        recognised, found, taken = self.figures
        kinds = "".join(f"\n{kind} known as such: {known} of {of}" for kind, (known, of) in self.others.items())
        return (
            f"bounces recognised: {self.recognised} of {self.bounces} ({recognised:.1%})\n"
            f"expected status found: {self.found} of {self.stated} ({found:.1%}), "
            f"{self.exact[0]} of {self.exact[1]} where it is written in the mail\n"
            f"with a recipient: {self.named[0]} of {self.named[1]}{kinds}\n"
            f"delivery reports among other mail: {self.more[0]} of {self.more[1]}\n"
            f"other mail taken for a bounce: {self.taken} of {self.mails} ({taken:.2%})"
        )


def bounces(corpus: Path) -> Bounces:
    """Read the whole corpus; the mails of the desk's own tests are none of it."""
    policy = a_policy()
    count = Bounces()
    for name, kind, expected in _listed(corpus):
        _report(count, name, kind, expected, parse((corpus / name).read_bytes()), policy)
    for name, message in _ordinary(corpus):
        bounce = is_bounce(message, policy)
        if name.startswith(REPORTS):
            count.more = (count.more[0] + bounce, count.more[1] + 1)
            continue
        count.mails += 1
        if bounce:
            count.taken += 1
            count.misses.append(f"{name}: taken for a bounce: {message.subject}")
    return count


def is_bounce(message: Message, policy: Policy) -> bool:
    """The desk takes it for one."""
    return read_automatic(message, policy.acknowledgement).kind is Kind.BOUNCE


def is_right(found: list[str], expected: list[str]) -> bool:
    """Each status that is expected stands among those found, as often as it is expected."""
    left = list(found)
    for one in expected:
        right = next((status for status in left if _same(status, one)), None)
        if right is None:
            return False
        left.remove(right)
    return True


def is_written(expected: list[str]) -> bool:
    """The mail itself tells it: it is none of the list's own numbers."""
    return not any(_OWN_NUMBER.match(one) for one in expected)


def a_policy() -> Policy:
    """The smallest there is."""
    return Policy.model_validate(
        {
            "desk": {"name": "Desk", "address": "desk@example.org", "key": {"env": "DAYDESK_KEY"}},
            "mailboxes": [{"kind": "folder", "name": "in", "path": "mail"}],
            "smtp": {"host": "localhost"},
            "queues": {"triage": {"label": "Triage"}},
            "rules": [{"name": "rest", "queue": "triage"}],
        }
    )


def _same(status: str, expected: str) -> bool:
    wanted, _, reason = expected.split(":")
    if is_written([expected]):
        return status == wanted
    return status.partition(".")[2] in SAME.get(reason, ())


def _report(count: Bounces, name: str, kind: str, expected: list[str], message: Message, policy: Policy) -> None:
    known = read_automatic(message, policy.acknowledgement).kind is KINDS[kind]
    if not known:
        count.misses.append(f"{name}: no {kind}: {message.subject}")
    if kind != "bounce":
        right, of = count.others.get(kind, (0, 0))
        count.others[kind] = (right + known, of + 1)
        return
    count.bounces += 1
    count.recognised += known
    recipients = message.report.recipients if message.report else ()
    count.named = (count.named[0] + bool(recipients and recipients[0].recipient), count.named[1] + 1)
    if expected:
        found = [one.status for one in recipients]
        right = is_right(found, expected)
        count.stated += 1
        count.found += right
        if is_written(expected):
            count.exact = (count.exact[0] + right, count.exact[1] + 1)
        if not right:
            count.misses.append(f"{name}: {' '.join(expected)} expected, {' '.join(found) or 'none'} found")


def _listed(corpus: Path) -> Iterator[tuple[str, str, list[str]]]:
    for line in (corpus / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines():
        name, kind, expected = (line + "\t\t").split("\t")[:3]
        if name.startswith("bounces/") and kind in KINDS:
            yield name, kind, expected.split()


def _ordinary(corpus: Path) -> Iterator[tuple[str, Message]]:
    """Every mail that is none of the list's reports; answers without a header get one."""
    for pattern in OTHERS:
        for file in sorted(corpus.glob(pattern)):
            if file.stat().st_size:
                yield str(file.relative_to(corpus)), parse(file.read_bytes())
    for file in sorted(corpus.glob(REPLIES)):
        head = b"From: jane@client.example\r\nSubject: Re: your mail\r\n\r\n"
        yield str(file.relative_to(corpus)), parse(head + file.read_bytes())


if __name__ == "__main__":
    result = bounces(Path(sys.argv[1]))
    sys.stdout.write(f"{result}\n" + "".join(f"  {miss}\n" for miss in result.misses))
