"""Learns from the cases that people worked which queue and request a mail's words speak for."""
