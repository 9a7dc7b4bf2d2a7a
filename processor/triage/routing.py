"""The rule table: which queue a mail goes to, with every rule that was tried and why it did or did not match."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.message import Message
from processor.policy import Placing, Policy, Rule, Urgency, When
from processor.policy.routing import Priority, Team
from processor.triage.answer_windows import DeskHours
from processor.triage.conditions import Facts, phrases_of
from processor.triage.facts import NOTHING_ELSE, Circumstances
from processor.triage.learned_words import LearnedWords
from processor.triage.patterns import octets_of
from processor.triage.phrases import PhraseIndex
from processor.triage.rows import Row, Run, Single, compile_rows
from processor.triage.rows import Tried as Tried  # what a Routing holds
from processor.triage.sentences import folded
from processor.triage.vocabulary import Reading, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Where the mail goes, and why."""

    queue: str
    request_type: str | None
    priority: Priority
    rule: str
    trace: tuple[Tried, ...]  # as tried, the rule that took the mail last; then urgency rows that matched
    policy_version: str
    placing: tuple[Tried, ...] = ()  # the rows of [[placing]] that were tried then, in their order
    rules_queue: str | None = None  # where the rules led, where a row of [[placing]] moved it

    @property
    def placed_by(self) -> str | None:
        """The row of [[placing]] that moved it."""
        return self.placing[-1].rule if self.rules_queue is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What a rule leads to."""

    queue: str
    request_type: str | None
    priority: Priority


class RuleTable:
    """The rules and urgency rows of a policy, made ready."""

    def __init__(self, policy: Policy) -> None:
        self._version = policy.version
        self._outcomes = {rule.name: _outcome(rule, policy) for rule in policy.rules}
        self._outcomes |= {_last_of(team): _to_first_queue(team) for team in policy.teams}
        self._vocabulary = Vocabulary(policy.vocabulary)
        self._learned = LearnedWords(policy.words)
        self._rules: dict[str | None, tuple[Run | Single, ...]] = {
            team.name: self._of(team, policy.rules) for team in policy.teams
        }
        self._rules[None] = tuple(compile_rows(policy.rules, self._vocabulary))
        self._urgency = tuple(Row(row.name, row.when) for row in policy.urgency)
        self._placing = tuple((row.queue, Row(row.name, row.when)) for row in policy.placing)
        self._inside: dict[str | None, Collection[str]] = {team.name: team.queues for team in policy.teams}
        self._inside[None] = policy.queues.keys()
        self._hours = DeskHours(policy)
        self._phrases = PhraseIndex(_phrases((*policy.rules, *policy.urgency, *policy.placing)))

    def route(
        self,
        message: Message,
        language: str | None,
        automatic: bool,
        recipients: Collection[str],
        team: str | None = None,
        beside: Circumstances = NOTHING_ELSE,
    ) -> Routing:
        """The first rule that takes the mail decides, of neighbours that weigh the heaviest; a row of [[placing]] may
        move it then. `recipients` are the addresses that it was sent to.

        With a team those rules and rows alone are asked that lead into its queues.
        """
        facts, reading = self._read(message, language, automatic, recipients)
        facts = replace(facts, beside=beside, hours=self._hours)
        rows = iter(self._rules[team])
        trace = next(rows).ask(facts, reading)
        while not trace[-1].matched:  # the last one takes every mail: the policy's own check sees to it
            trace += next(rows).ask(facts, reading)
        outcome = self._outcomes[trace[-1].rule]
        facts = replace(facts, request_type=outcome.request_type)
        urgent = [tried for row in self._urgency if (tried := row.ask(facts)).matched]
        routing = Routing(
            queue=outcome.queue,
            request_type=outcome.request_type,
            priority="urgent" if urgent else outcome.priority,
            rule=trace[-1].rule,
            trace=(*trace, *urgent),
            policy_version=self._version,
        )
        return self._placed(routing, facts, self._inside[team]) if self._placing else routing

    def takers(
        self,
        message: Message,
        language: str | None,
        automatic: bool,
        recipients: Collection[str],
        beside: Circumstances = NOTHING_ELSE,
    ) -> tuple[str, ...]:
        """Every rule but the last that would take the mail if it stood alone, in the order of the table."""
        facts, reading = self._read(message, language, automatic, recipients)
        facts = replace(facts, beside=beside, hours=self._hours)
        return tuple(name for row in self._rules[None][:-1] for name in row.takers(facts, reading))

    def queue_of(self, rule: str) -> str:
        """The queue that this rule leads to."""
        return self._outcomes[rule].queue

    def _placed(self, routing: Routing, facts: Facts, inside: Collection[str]) -> Routing:
        """Moved by the first row that holds."""
        facts = replace(facts, queue=routing.queue, urgent=routing.priority == "urgent")
        tried: list[Tried] = []
        for queue, row in self._placing:
            if queue in inside:
                tried.append(row.ask(facts))
                if tried[-1].matched:
                    return replace(routing, queue=queue, rules_queue=routing.queue, placing=tuple(tried))
        return replace(routing, placing=tuple(tried))

    def _of(self, team: Team, rules: Iterable[Rule]) -> tuple[Run | Single, ...]:
        """The rules that lead into its queues, and one that takes the rest."""
        inside = (rule for rule in rules if self._outcomes[rule.name].queue in team.queues)
        return (*compile_rows(inside, self._vocabulary), Single(Row(_last_of(team), When())))

    def _read(
        self, message: Message, language: str | None, automatic: bool, recipients: Collection[str]
    ) -> tuple[Facts, Reading]:
        mail = folded(message)
        in_subject, in_text = self._phrases.found_in(mail.subject), self._phrases.found_in(mail.text)
        facts = Facts(
            message=message,
            language=language,
            automatic=automatic,
            recipients=recipients,
            phrases=in_subject | in_text,
            subject_phrases=in_subject,
            text_phrases=in_text,
            octets=(octets_of(message.subject), octets_of(message.new_text)),
        )
        reading = self._vocabulary.read(mail.subject, mail.parts)
        return facts, replace(reading, learned=self._learned.read(mail, self._vocabulary.names(reading.mask)))


def compile_rules(policy: Policy) -> RuleTable:
    """The routing table of this policy; made once, used for every mail."""
    return RuleTable(policy)


def _outcome(rule: Rule, policy: Policy) -> _Outcome:
    queue = rule.queue or policy.request_types[rule.request_type or ""].queue
    return _Outcome(queue=queue, request_type=rule.request_type, priority=rule.priority)


def _last_of(team: Team) -> str:
    return f"team {team.name}"  # with a blank, which no rule has in its name


def _to_first_queue(team: Team) -> _Outcome:
    return _Outcome(queue=team.queues[0], request_type=None, priority="normal")


def _phrases(rows: Iterable[Rule | Urgency | Placing]) -> Iterator[str]:
    for row in rows:
        yield from phrases_of(row.when)
        for evidence in row.evidence if isinstance(row, Rule) else ():
            yield from phrases_of(evidence.when)
