"""The stages: each takes its work from the database and puts its result there; no stage calls another."""
