"""What to send and how to settle what comes back: no network, no waiting, no thread, no await.

Files are touched where they hold logs, which may be longer than memory: ``lines`` spools what is
new of a growing log; ``texts`` makes a folder for logs; ``tail``, ``batch.harvest`` and
``batch.result`` look at what the drivers saved in one, read it, and delete what is empty.
"""
