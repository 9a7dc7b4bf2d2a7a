"""Reads mails in a process of its own, so that one that crashes, hangs or bloats the parser costs itself alone."""
