"""What people do with cases; each act is one transaction with its actor and its event."""
