"""What a mail server's words tell of a delivery, as a status of RFC 3463: by its code, else by what is usually said."""

from __future__ import annotations

import re

from ingest.charset import folded

_EXAMINED = 4_000  # characters of a server's words
_STATUS = r"([245]\.(?:0|[1-7])\.\d{1,3})(?!\.?\d)"
# "550 5.1.1", "550-'5.1.1", "550 #5.1.1": what the server itself answered, before what others say about it
_ANSWERED = re.compile(rf"(?<![\d.])[245]\d\d[ -]{{1,4}}[\"'#(\[]{{0,3}}{_STATUS}")
_ALONE = re.compile(rf"(?<![\d.]){_STATUS}")
_CODE = re.compile(r"(?:^|[\s:;<>(\[=\"'-])([45]\d\d)(?=[-\s:;,.<)\]\"']|$)")

# By RFC 3463 and IANA's list: subject and detail, and words that say so. The first that holds decides, so what is said
# of the mailbox stands before what is said of the way to it, and that before what mail systems say of everything.
_SAYINGS = tuple(
    (detail, re.compile(words))
    for detail, words in (
        (
            "2.2",
            r"quota|(?:mail ?box|mail ?folder|mail ?file|inbox|storage|account|disk)[^.]{0,40}"
            r"(?:\bfull\b|exceed|over its)|not enough (?:disk )?(?:space|storage)|insufficient (?:disk|storage)"
            r"|postfach[^.]{0,20} voll|boite [^.]{0,60}pleine|buzon[^.]{0,20} lleno|casella[^.]{0,20} piena"
            r"|容量",
        ),
        ("2.3", r"(?:message|mail) (?:length|size) exceeds|exceeds[^.]{0,30}(?:size|length)"),
        ("3.4", r"(?:message|mail|size)[^.]{0,20} too (?:big|large)|too large a message"),
        (
            "2.1",
            r"(?:account|mail ?box|user|recipient|address)[^.]{0,40}"
            r"(?:disabled|deactivated|suspended|inactive|locked|closed|not active|expired)",
        ),
        ("1.6", r"has (?:been )?moved|no longer (?:at|here|works|employed|valid|in use|available|accept)"),
        (
            "7.26",
            r"dmarc|(?:spf|dkim|authentication)[^.]{0,40}(?:fail|not pass|required|unauthenticated)"
            r"|unauthenticated (?:e-?)?mail",
        ),
        (
            "7.25",
            r"reverse[ -]dns|\brdns\b|\bptr\b|reverse (?:lookup|mapping|hostname)|unverif\w{1,5}able sending"
            r"|cannot find your (?:reverse )?hostname",
        ),
        ("7.1", r"not (?:a )?member|member(?:s)?[- ]only|groups\.google\.com|not allowed to post"),
        (
            "1.8",
            r"(?:sender|envelope from|return path)[^.:]{0,30}"
            r"(?:rejected|refused|does not exist|not exist|invalid|unresolvable|must resolve)",
        ),
        ("4.3", r"(?:name (?:server|service)|host name lookup)[^;]{0,90} try again|ldap server"),
        (
            "1.2",
            r"(?:host|domain)[^.]{0,20} unknown|unknown (?:host|domain)|unrout\w{0,3}able|no such (?:host|domain)"
            r"|(?:host|domain)\S{0,3} (?:\S{1,80} )?(?:not found|does not exist|may not exist)|couldn't find any host"
            r"|host name is not recogni|[a-z0-9]\.[a-z]{2,20} does not exist|dns[^.]{0,40}(?:nxdomain|not found)"
            r"|name service error|domain not found",
        ),
        (
            "7.1",
            r"black ?list|block ?list|\bblocked\b|\brbl\b|\bdnsbl\b|spamhaus|spamcop|\bbanned\b|spam\b|junk mail"
            r"|relay(?:ing)? (?:access )?(?:is )?(?:denied|not|prohibited)|(?:insecure|open)[a-z ]{0,10} relay"
            r"|unable to relay|access (?:is )?denied|poor reputation|bad reputation|reputation",
        ),
        (
            "1.1",
            r"unknown (?:or illegal |local |mail )?(?:user|mailbox|recipient|account|alias|address|local)"
            r"|no such (?:local |mail )?(?:user|mailbox|recipient|person|address|account|local)"
            r"|(?:user|mailbox|mail box|recipient|account|address|alias)[^.;]{0,90}"
            r"(?:\bunknown\b|not (?:be )?(?:found|listed|exist|known|recogni|a registered|a valid|valid|located)"
            r"|n't (?:exist|be found|have)|\binvalid\b|\bunavailable\b|non-?exist)"
            r"|not listed in|not a registered|no (?:valid )?(?:mailbox|recipients)|no mailbox|does not have an? "
            r"|invalid (?:final delivery )?(?:user|recipient|mailbox|address)|unrecogni[sz]ed (?:user|recipient)"
            r"|(?:empfanger|benutzer|adresse|postfach)[^.]{0,60}(?:unbekannt|existiert nicht|nicht gefunden)"
            r"|(?:utilisateur|destinataire|adresse)[^.]{0,60}(?:inconnu|n'existe pas|introuvable)"
            r"|(?:usuario|destinatario|direccion|buzon)[^.]{0,60}(?:desconocid|no existe|no encontrad)"
            r"|(?:utente|indirizzo|destinatario)[^.]{0,60}(?:sconosciut|non esist|inesistent|non trovat)"
            r"|no se encontro|est introuvable|nicht gefunden werden"
            r"|存在しません|見つかりません|不存在",
        ),
        ("4.6", r"hop count|(?:mail|routing) loop|too many (?:hops|received)"),
        ("4.4", r"no mx\b|mail exchanger|find a gateway|no route|unable to route|routing error"),
        (
            "4.7",
            r"retry time|expired|(?:been |in the )queue(?:d)? (?:for )?too long|giving up|aborted after|given up"
            r"|multiple retries|(?:delivered|deliver) (?:for|after) (?:the last )?(?:more than )?\d|time ?out exceeded"
            r"|failed \d+ attempts|number of (?:delivery )?attempts",
        ),
        (
            "4.1",
            r"connection (?:was )?(?:refused|timed ?out)|socket error|requests to connect|unable to connect"
            r"|could not connect|connect to|establish an? (?:smtp )?connection|not reachable|unreachable"
            r"|no answer|timed out",
        ),
        (
            "4.2",
            r"connection (?:was )?(?:dropped|lost|closed|reset|broken)|lost connection|refused to talk"
            r"|communications? failure",
        ),
        ("3.0", r"pipe to|child process|command (?:failed|died|output)|mailer error|local delivery (?:failed|error)"),
        ("4.3", r"host name lookup|dns (?:error|fail)|name server"),
        (
            "3.2",
            r"not accept\w{0,3}|service (?:is )?(?:currently |temporarily )?(?:un|not )available|try again|too busy",
        ),
        (
            "7.1",
            r"\bpolic(?:y|ies)\b|permission|not (?:allowed|permitted|authori[sz]ed)|prohibited|\brefused\b|rejected",
        ),
        ("4.7", r"will be retried|still being retried|delayed"),
        ("5.0", r"protocol error|syntax error|bad sequence|command unrecogni|not implemented"),
    )
)
# RFC 5321 section 4.2.3
_BY_CODE = {"421": "3.2", "450": "2.0", "451": "3.0", "452": "3.1", "551": "1.6", "552": "2.2"}


def is_unspecific(status: str) -> bool:
    """It tells its class, and perhaps its subject, and nothing more (RFC 3463: "other or undefined")."""
    return status.endswith(".0")


def written_status(words: str) -> str:
    """The status that stands in these words, that of a server's answer before any other; empty where there is none."""
    words = words[:_EXAMINED]
    found = _ANSWERED.search(words) or _ALONE.search(words)
    return found[1] if found else ""


def answer_code(words: str) -> str:
    """The first code of a refusal (RFC 5321 section 4.2); empty where there is none."""
    found = _CODE.search(words[:_EXAMINED])
    return found[1] if found else ""


def told_status(words: str, *, lasting: bool) -> str:
    """What these words come to where no status is written; empty where they tell nothing.

    Its class is that of the answer's code; without one, of a failure for good or, where it is not `lasting`, for now.
    """
    code = answer_code(words)
    plain = folded(words[:_EXAMINED])
    detail = next((detail for detail, saying in _SAYINGS if saying.search(plain)), None) or _BY_CODE.get(code)
    if detail is None and not code:
        return ""
    return f"{code[0] if code else '5' if lasting else '4'}.{detail or '0.0'}"
