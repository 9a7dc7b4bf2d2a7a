"""What smells of payment diversion, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from support.triage import RECEIVED, a_case, a_context, a_message, a_policy

from ingest.message import Address, AttachedMessage, Attachment
from processor.cli.checking import lax
from processor.policy import Policy
from processor.policy.routing import RequestType
from processor.triage.account_digest import account_key, country_of, digest_of, salt_of
from processor.triage.bank_detail import BankDetail
from processor.triage.contact import BankOnFile, KnownContact
from processor.triage.context import Claims, Context
from processor.triage.correlation import Correlation, Standing, correlate
from processor.triage.diversion import Watch
from processor.triage.diversion_request import Wanted
from processor.triage.diversion_text import undisguised
from processor.triage.diversion_values import Code, Diversion, Level, higher
from processor.triage.verdict import compile_policy, triage

SALT = b"salt"
OLD, NEW, FOREIGN = "DE89370400440532013000", "DE02120300000000202051", "RO49AAAA1B31007593840000"
ASK = "Dear team,\n\nplease note that our bank details have changed.\n\nJane\n"


def on_file(**more: Any) -> KnownContact:
    """Jane, whose address on file may change bank details."""
    values: dict[str, Any] = {
        "address": "jane@client.example",
        "confirmed": True,
        "id": 1,
        "kind": "vendor",
        "owners_address": True,
        "bank": (BankOnFile(digest=digest_of(OLD, SALT), last_four=OLD[-4:], country="DE"),),
    }
    return KnownContact(**(values | more))


def smell(
    text: str = "", context: Context | None = None, policy: Policy | None = None, dmarc: str = "none", **more: Any
) -> Diversion:
    message = a_message(new_text=text, text=more.pop("whole", text), **more)
    context = context or a_context()
    return Watch(policy or a_policy()).assess(message, context, correlate(message, context, dmarc == "fail"), dmarc)


def codes(found: Diversion) -> set[str]:
    return {signal.code.value for signal in found.signals}


def with_diversion(**settings: Any) -> Policy:
    return a_policy().model_copy(update={"diversion": a_policy().diversion.model_copy(update=settings)})


@pytest.mark.parametrize(
    "words",
    [
        "Our account is under audit, please use the new account below for all payments.",
        "Please find our updated remittance information attached.",
        "We have changed our bank. Kindly send future payments to the new one.",
        "Bitte beachten Sie unsere neue Bankverbindung.",
        "Unser Konto wird geprüft, bitte überweisen Sie ab sofort auf das andere Konto.",
        "Veuillez noter notre changement de RIB.",
        "Merci de régler désormais sur notre nouveau compte bancaire.",
        "Le informamos de nuestra nueva cuenta bancaria para los próximos pagos.",
        "Hemos cambiado de banco: rogamos que hagan las transferencias a la nueva cuenta.",
        "Your ACH profile for us is old; we switched our direct deposit.",
        "Оur bаnk detаils hаve chаnged.",  # with Cyrillic letters
        "O u r b a n k d e t a i l s have changed",
        "Our b4nk deta1ls have changed, new acc0unt details follow",
        "our bank\u200b details have\u00ad changed",
        "ｏｕｒ ｂａｎｋ ｄｅｔａｉｌｓ ｈａｖｅ ｃｈａｎｇｅｄ",
        "Our online banking details have changed.",
        "Our bank details will not remain the same, they have changed.",
        "The firm's bank details are unchanged in the contract; please pay to our new account from today.",
        "Our account is closed, send the invoice money to my colleague instead.",
        "Please pay our invoice to the new account 12345 678 from now on.",
        "The invoice is not to be paid to the same account, the new account follows.",
        "Unsere Rechnung bitte nicht mehr auf das gleiche Konto zahlen, sondern auf das neue Konto.",
        "J'ai quitté ma banque, les honoraires de novembre iront ailleurs.",
        "I closed my old bank last week, can my pay go to the other one?",
        "Les informamos de la nueva domiciliación de pagos.",
        "J'ai fermé mon compte, pouvez-vous verser mes honoraires sur celui-ci ?",
        "The account on which you pay our invoices is closed.",
        "Please update your bank details for us, they are as follows.",
        "The bank details you have on file are wrong, please use those in our letter.",
        "Die hinterlegte Bankverbindung ist veraltet, bitte nehmen Sie die aus unserem Brief.",
        "Die Kontodaten sind die alten, die Rechnung zahlen Sie bitte auf die neuen.",
        "Unser Konto wird gerade vom Finanzamt geprüft, nehmen Sie für die Rechnung das unserer Schwesterfirma.",
        "Unser Konto besteht nicht mehr, die Rechnung zahlen Sie bitte an die Filiale.",
    ],
)
def test_whoever_asks_that_money_go_elsewhere_is_held(words: str) -> None:
    found = smell(words, a_context(contact=on_file()))
    assert found.level is Level.HOLD
    assert "change-requested" in codes(found)


@pytest.mark.parametrize(
    "words",
    [
        "When will you pay invoice 4711? It is overdue.",
        "Please pay invoice 4711 to our account as usual.",
        "Wann wird die Rechnung 4711 bezahlt?",
        "Pouvez-vous nous dire quand la facture sera réglée ?",
        "¿Cuándo se pagará la factura?",
        "My new address is 1 Main Street.",
        "Please update the name on the contract.",
        "The firm changed its name; VAT number and bank details are unaffected.",
        "Please send the difference back. Same IBAN it came from, nothing has changed.",
        "She looked at my online banking and says it is wrong that it was not paid.",
        "Schreiben Sie an konto@verein.example statt an den alten Vorstand, die Zahlung folgt.",
        "Our bank hasn't changed. Please send the hundred pounds back.",
        "Please update your files, account C-3812. I paid the invoice at the weekend.",
        "Hi Accounts, please amend the invoice, the VAT rate is wrong.",
        "Ich habe den falschen Empfänger gewählt, die Zahlung war nicht für Sie.",
        "We paid by bank transfer on Monday, please update our ledger.",
        "À partir de décembre je préfère payer par virement, arrêtez le prélèvement.",
        "Même SIREN, même compte en banque, seule la dénomination change sur les factures.",
        "Les pido que tengan en cuenta mi currículum, busco cambiar de empresa y cobrar más.",
        "My bank will issue a guarantee in place of the deposit, which you hold instead of the fee.",
        "Avez-vous changé de banque ? Notre virement n'est pas arrivé.",
        "Our calendar says that the account is frozen. We paid the invoice today.",
        "Vous avez gelé le compte 37012, or la facture est réglée depuis lundi.",
        "Votre IBAN svp, pour vous régler par virement au lieu du chèque.",
        "You may no longer draw on my account. From now on I pay each invoice myself.",
        "Ich blicke nicht mehr durch: Wie steht unser Konto heute, was ist zu zahlen?",
    ],
)
def test_everyday_mail_is_not(words: str) -> None:
    assert smell(words, a_context(contact=on_file())).level is Level.NONE


def test_a_new_mail_that_is_read_as_a_change_of_bank_details_is_held_whatever_its_words() -> None:
    words, context = "The Ulster is shutting here. What do you need, so that my money gets there?", a_context()
    kind = RequestType.model_validate({"label": {"en": "Bank"}, "queue": "triage", "changes_bank_details": True})
    watch, message = Watch(a_policy().model_copy(update={"request_types": {"bank": kind}})), a_message(new_text=words)
    case = a_case("DD-7K3M-9QXW-S", "jane@client.example")
    joined = Correlation(case=case, how="token", standing=Standing.PARTICIPANT)
    alone = correlate(message, context, refuted=False)
    held = watch.assess(message, context, alone, "none", "bank")
    assert (held.level, held.signals[0].evidence) == (Level.HOLD, "is read as a request of the type 'bank'")
    assert watch.assess(message, context, alone, "none", "other").signals == ()
    assert watch.assess(message, context, joined, "none", "bank").signals == ()


def test_a_genuine_mailbox_that_was_broken_into_is_held_all_the_same() -> None:
    contact = on_file(dmarc_passed=True)
    assert smell(ASK, a_context(contact=contact), dmarc="pass").level is Level.HOLD


def test_another_account_than_the_one_on_file_is_held_without_a_word_of_it() -> None:
    found = smell(f"Please pay to {NEW}.", a_context(contact=on_file(), salt=SALT))
    assert codes(found) == {"bank-differs"}
    assert found.signals[0].evidence == "names the bank account ...2051; on file: ...3000"
    assert found.level is Level.HOLD
    assert smell(f"Please pay to {OLD}.", a_context(contact=on_file(), salt=SALT)).signals == ()


def test_a_colleague_sends_on_the_accounts_of_others() -> None:
    context = a_context(contact=on_file(kind="colleague", country="DE"), salt=SALT)
    assert codes(smell(f"Invoice: {FOREIGN}.", context)) == {"bank-given"}


def test_our_own_account_smells_of_nothing() -> None:
    policy = with_diversion(own_accounts=(NEW,))
    assert smell(f"We paid to {NEW}.", a_context(contact=on_file(), salt=SALT), policy).signals == ()


def test_an_attached_invoice_of_another_country_is_told() -> None:
    invoice = Attachment(
        name="i.txt", declared_type="text/plain", detected_type=None, size=1, sha256="0" * 64, text=f"IBAN {FOREIGN}"
    )
    context = a_context(contact=on_file(bank=(), country="DE"), salt=SALT)
    found = smell("Our invoice.", context, attachments=(invoice,))
    assert {"invoice-country", "bank-given"} <= codes(found)
    assert "account in RO" in found.signals[0].evidence
    assert "invoice-country" not in codes(smell(f"IBAN {FOREIGN}", context))
    home = a_context(contact=on_file(bank=(), country="RO"), salt=SALT)
    assert "invoice-country" not in codes(smell("", home, attachments=(invoice,)))


def test_the_owners_address_is_necessary() -> None:
    stranger, owner = smell(ASK), smell(ASK, a_context(contact=on_file()))
    assert "not-owner" in codes(stranger) - codes(owner)


@pytest.mark.parametrize(("dmarc", "code"), [("fail", "dmarc-failed"), ("none", "dmarc-absent")])
def test_what_the_gateway_says_counts(dmarc: str, code: str) -> None:
    found = smell("Hello", a_context(contact=on_file(dmarc_passed=True)), dmarc=dmarc)
    assert codes(found) == {code}
    assert smell("Hello", a_context(contact=on_file(dmarc_passed=True)), dmarc="pass").signals == ()


def test_where_answers_would_go_counts() -> None:
    found = smell(ASK, a_context(domain_known=False), reply_to=(Address(address="x@evil.example"),),
                  headers=(("Return-Path", "<a@bulk.example>"), ("From", "jane@client.example")))  # fmt: skip
    assert {"reply-elsewhere", "return-path-elsewhere", "first-domain"} <= codes(found)


def test_a_look_alike_is_held_only_with_something_beside_it() -> None:
    sender = {"sender": "jane@c1ient.example"}
    assert smell("Hello", a_context(kin=("client.example",)), **sender).level is Level.WARN
    held = smell("Wire it today.", a_context(kin=("client.example",), domain_known=False), **sender)
    assert held.level is Level.HOLD
    assert "looks like client.example" in held.signals[0].evidence


def test_our_own_domain_is_looked_for_too_and_that_of_the_answer() -> None:
    assert "look-alike" in codes(smell("Hello", sender="ceo@desk-group.example")) | codes(
        smell("Hello", sender="ceo@desck.example")
    )
    answer = (Address(address="jane@cIient.example"),)
    assert "look-alike" in codes(smell("Hello", reply_to=answer))


def test_webmail_looks_like_nothing() -> None:
    assert smell("Hello", a_context(kin=("gmx.de",)), sender="x@gmx.net").signals == ()


@pytest.mark.parametrize(
    ("more", "context"),
    [
        ({"subject": "Re: Invoice 4711"}, a_context()),
        ({"subject": "[DD-7K3M-9QXW-S] question"},
         a_context(a_case("DD-7K3M-9QXW-S", "other@client.example"), claims=Claims(written=("DD-7K3M-9QXW-S",)))),
        ({"subject": "Re: Invoice", "in_reply_to": ("<x@elsewhere.example>",),
          "whole": "> Accounts <accounts@desk.example> wrote:"}, a_context()),
    ],
)  # fmt: skip
def test_an_answer_to_nothing_is_told(more: dict[str, Any], context: Context) -> None:
    assert codes(smell("Hello", context, **more)) == {"imitates-thread"}


@pytest.mark.parametrize(
    "more",
    [{"subject": "Fwd: Invoice"}, {"subject": "Re: Invoice", "in_reply_to": ("<x@elsewhere.example>",)}],
)
def test_other_answers_are_not(more: dict[str, Any]) -> None:
    assert smell("Hello", **more).signals == ()
    assert smell("Hello", a_context(related=("DD-7K3M-9QXW-S",)), subject="Re: Invoice").signals == ()


def test_haste_and_secrecy_hold_where_an_account_is_named() -> None:
    words = f"Wire 30,000 to {FOREIGN} today and keep this between us."
    found = smell(words, a_context(domain_known=False))
    assert {"urgency", "secrecy", "bank-given", "first-domain"} == codes(found)
    assert found.level is Level.HOLD


def test_without_an_account_or_a_look_alike_nothing_is_held() -> None:
    found = smell(
        "Urgent! Keep this between us.", a_context(contact=on_file(dmarc_passed=True)), dmarc="fail",
        subject="Re: x", reply_to=(Address(address="x@evil.example"),),
    )  # fmt: skip
    assert (found.level, found.score) == (Level.WARN, 59)
    assert "urgency" not in codes(found)


def test_the_request_may_stand_in_the_subject_a_quote_a_file_or_an_attached_mail() -> None:
    file = Attachment(
        name="new_bank_details.jpg", declared_type="image/jpeg", detected_type=None, size=1, sha256="0" * 64
    )
    inner = AttachedMessage(subject="Change of bank account", text="")
    assert smell("Hello", subject="New bank details").level is Level.HOLD
    assert smell("See below", whole=f"See below\n> {ASK}").level is Level.HOLD
    assert smell("See attached", attachments=(file,)).level is Level.HOLD
    assert smell("See attached", attached_messages=(inner,)).level is Level.HOLD


def test_of_a_case_that_was_held_only_what_is_new_holds_it_again() -> None:
    case = a_case("DD-7K3M-9QXW-S", "jane@client.example")
    held = Correlation(
        case=type(case)(id=1, reference=case.reference, status="open", acknowledged=True, held=True,
                        participants=case.participants), how="token", standing=Standing.PARTICIPANT,
    )  # fmt: skip
    watch, context = Watch(a_policy()), a_context(contact=on_file())
    thanks = a_message(subject="Re: new bank details", new_text="Thanks", text=f"Thanks\n> {ASK}")
    again = a_message(subject="Re: x", new_text=ASK, text=ASK)
    assert watch.assess(thanks, context, held, "pass").level is Level.NONE
    assert watch.assess(again, context, held, "pass").level is Level.HOLD


def test_switched_off_nothing_is_looked_at_and_a_weight_of_none_is_no_signal() -> None:
    assert smell(ASK, policy=with_diversion(enabled=False)) == Diversion()
    weights = a_policy().diversion.weights.model_copy(update={"not_owner": 0})
    assert codes(smell(ASK, policy=with_diversion(weights=weights))) == {"change-requested"}


def test_evidence_shows_no_number_of_the_mail() -> None:
    wanted = Wanted()
    for words in (" bank 12345678 details changed ", " new account 99887766 for payments "):
        assert not any(letter.isdigit() for letter in wanted.change(words, named=True, unread=False))
    assert "'changed'" in wanted.change(" bank details were changed ", named=False, unread=False)


def test_the_higher_level_stays() -> None:
    assert higher("hold", "note") is higher("none", "hold") is Level.HOLD
    assert Diversion(level=Level.HOLD).holds


def test_an_account_is_the_same_however_it_is_written() -> None:
    def detail(kind: str, number: str) -> BankDetail:
        return BankDetail(kind=kind, start=0, end=1, number=number)

    iban = detail("iban", "GB33BUKB20201555555555")
    assert account_key(iban) == account_key(detail("sort-code", "20201555555555"))
    french = detail("iban", "FR1420041010050500013M02606")
    assert account_key(french) == account_key(detail("rib", "20041010050500013M02606"))
    assert account_key(detail("bic", "BUKBGB22")) is account_key(detail("card", "4111111111111111")) is None
    assert [country_of(one) for one in (iban, detail("rib", "1"), detail("account", "1"))] == ["GB", "FR", None]


def test_a_held_case_goes_to_the_queue_of_the_policy_and_the_trace_says_so() -> None:
    policy = Policy.model_validate(
        a_policy().model_dump() | {
            "queues": {"triage": {"label": "Triage"}, "security": {"label": "Security"}},
            "diversion": {"queue": "security"},
        }
    )  # fmt: skip
    verdict = triage(a_message(new_text=ASK, text=ASK), a_context(), compile_policy(policy), RECEIVED)
    assert (verdict.routing.queue, verdict.held_in) == ("security", "security")
    assert verdict.routing.trace[-1].rule == "payment-diversion"
    assert verdict.routing.rule == "rest"
    usual = triage(a_message(new_text=ASK, text=ASK), a_context(), compile_policy(a_policy()), RECEIVED)
    assert (usual.routing.queue, usual.held_in, usual.diversion.level) == ("triage", None, Level.HOLD)


def test_the_type_by_which_a_mail_is_held_is_the_one_that_the_rules_gave_it() -> None:
    policy = Policy.model_validate(
        a_policy().model_dump() | {
            "request_types": {"bank": {"label": {"en": "Bank"}, "queue": "triage", "changes_bank_details": True}},
            "rules": [
                {"name": "union", "request_type": "bank", "when": {"words": ["credit union"]}},
                {"name": "rest", "queue": "triage"},
            ],
        }
    )  # fmt: skip
    held, free = (
        triage(a_message(new_text=words, text=words), a_context(), compile_policy(policy), RECEIVED).diversion
        for words in ("I have gone over to the credit union.", "I have gone over to the cinema.")
    )
    assert (held.level, free.level) == (Level.HOLD, Level.NONE)


def test_worst_cases_take_linear_time() -> None:
    for piece in ("bank ", "new ", "new bank ", "a ", "a1b2", "Re: ", "а", "rn", "changed "):
        assert undisguised(piece * 40_000) is not None
        smell(piece * 40_000, subject=piece * 2_000)


def test_decoys_before_it_hide_no_request() -> None:
    for decoy in ("Our bank account is as before, as you know it, and always will be. ", "The invoice is at hand. "):
        assert smell(decoy * 1_500 + ASK + decoy * 1_500).level is Level.HOLD


def test_a_number_beside_it_makes_few_words_enough() -> None:
    assert codes(smell(f"Use the other account, {FOREIGN}.")) >= {"change-requested", "bank-given"}
    assert codes(smell("Use the other account.")) == set()
    assert "change-requested" in codes(smell("Mein Gehalt soll auf ein anderes Konto laufen."))
    assert "change-requested" not in codes(smell(f"Another day, another sum: {FOREIGN}."))


def test_what_says_it_alone_is_enough() -> None:
    assert codes(smell("Please see our notice of assignment.")) >= {"change-requested"}
    assert codes(smell("Our account is blocked, the invoice is attached.")) >= {"change-requested"}
    assert smell("The trunk is blocked, is it the account?").signals == ()


def test_the_salt_is_the_keys_and_the_account_a_number_before_a_name() -> None:
    assert salt_of(b"one") != salt_of(b"two")
    assert on_file(account_name="Ada").account == "Ada"
    assert on_file(account_name="Ada", account_number="77").account == "77"


def test_every_code_has_its_weight_in_the_policy() -> None:
    assert {code.value.replace("-", "_") for code in Code} == set(a_policy().diversion.weights.model_dump())


def test_a_policy_that_lets_payments_be_diverted_is_told() -> None:
    weights = a_policy().diversion.weights.model_copy(update={"change_requested": 59})
    assert lax(a_policy()) == ()
    assert "SWITCHED OFF" in lax(with_diversion(enabled=False))[0]
    assert "change_requested is below" in lax(with_diversion(weights=weights))[0]
