"""The desk: decides what a mail is, keeps its case, answers, and reports."""
