"""The two drivers: they do what plans ask for, with threads or with asyncio."""
