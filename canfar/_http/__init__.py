"""The only hand-written package that knows httpx: connections, credentials, what can go wrong."""
