"""The tables of the policy file that say when a mail smells of payment diversion, and what becomes of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from processor.policy.base import Slug, Table

Weight = Annotated[int, Field(ge=0, le=1000)]


class Weights(Table):
    """What each signal counts; 0 takes it out of the score."""

    change_requested: Weight = 60  # asks that money go to another account than before
    bank_differs: Weight = 60  # a bank account that is not the one on file
    invoice_country: Weight = 40  # an attached account in another country than the contact's
    look_alike: Weight = 50  # a domain that looks like one on file, or like ours
    not_owner: Weight = 20  # money is in play, and the sender is not the owner's address on file
    dmarc_failed: Weight = 30  # our gateway says that the sender is not who he claims to be
    dmarc_absent: Weight = 20  # where mail from this address passed before
    secrecy: Weight = 30  # wants nobody to know, or nobody to call
    imitates_thread: Weight = 20  # a Re: without our token or a known Message-ID
    urgency: Weight = 15  # is in haste
    reply_elsewhere: Weight = 15  # Reply-To in another domain
    return_path_elsewhere: Weight = 5  # the envelope sender in another domain, as mailing services have it too
    bank_given: Weight = 10  # a bank account that cannot be compared with one on file
    first_domain: Weight = 5  # nobody of this domain has written before


class DiversionPolicy(Table):
    """What is done about mails that want money to go elsewhere."""

    enabled: bool = True  # false: nothing is looked at and nothing is held, and `daydesk check` says so
    note: int = Field(default=20, ge=1)  # a score from here on is noted on the case
    warn: int = Field(default=40, ge=1)  # from here on the case warns
    hold: int = Field(default=60, ge=1)  # from here on it is held until two people have confirmed
    queue: Slug | None = None  # where held cases go
    call_back_without_number: bool = False  # true: where no number is on file another one may be called
    own_accounts: tuple[str, ...] = ()  # bank accounts of the desk itself, which clients may quote
    own_domains: tuple[str, ...] = ()  # further domains of ours that others may imitate
    weights: Weights = Weights()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.note <= self.warn <= self.hold:
            raise ValueError("needs note <= warn <= hold: a level is never reached before the one below it")
        return self
