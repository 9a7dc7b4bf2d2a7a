"""What other rules would have done with the mail that came: read again and decided anew, never stored, never sent."""
