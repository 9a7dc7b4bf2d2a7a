"""Mail in: fetches messages from mailboxes and reads them. Knows mail, not cases."""
