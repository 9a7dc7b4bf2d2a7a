"""Mail out: a view becomes text and HTML, these become a message, and the message goes to a server."""
