"""Decides what a mail is and what follows from it. No I/O, no clock: `now` is a parameter."""
