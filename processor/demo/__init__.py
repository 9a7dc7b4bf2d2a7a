"""A whole desk to try: mail servers on this machine and the mails that arrive in them."""
