"""``cmd``, ``args`` and ``env``: what of them arrives."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    ASSUMED,
    Case,
    Fact,
    Subject,
    Until,
    broken,
    created,
    creating,
    get,
    have,
    record,
    refused,
    text,
)

_LOGS = get("/session/<id>?view=logs")
_NO_GROUP = refused(re.compile("Illegal group reference.*"))
_REFUSED = re.compile(
    r"java\.lang\.RuntimeException: io\.kubernetes\.client\.openapi\.ApiException: .*"
)


def _prints(name, output, **fields):
    return Case(name, _LOGS, text(output), [have(**fields), Until("<id>", "Completed")])


def _args(args, output):
    """What a program gets as its arguments: echo and its own words."""
    return _prints(f"{args!r}", output, cmd="echo", args=args)


def _env(values, output, name=None):
    """What the variable X has become, or that it isn't there."""
    shell = "-c printf\t'%s'\t\\$\\{X-unset\\}"
    return _prints(name or f"{values}", output, cmd="sh", args=shell, env=values)


SUBJECT = Subject(
    "Commands and their environment",
    [
        Fact(
            "Arguments are split at every single space, without quoting; tabs don't split.",
            "1.6",
            [
                _args("a b", "a b\n"),
                _args("'a b'", "'a b'\n"),
                _args("a  b", "a  b\n"),
                _args("a   ", "a\n"),
                _args("a\tb", "a\tb\n"),
                _args(" ", "\n"),
                _args("", "\n"),
                _args("-n ", ""),
                _args(" a", " a\n"),
            ],
        ),
        Fact(
            "The command is one word, never split.",
            "1.6",
            [
                Case(
                    "echo hello",
                    get("/session/<id>"),
                    record({"status": "Failed"}),
                    [have(cmd="echo hello"), Until("<id>", "Failed")],
                ),
                _prints("echo", "\n", cmd="echo"),
            ],
        ),
        Fact(
            "An empty command can't start.",
            "1.6",
            [
                Case(
                    "cmd=",
                    get("/session/<id>"),
                    record({"status": "Failed"}),
                    [have(cmd=""), Until("<id>", "Failed")],
                )
            ],
            ASSUMED,
        ),
        Fact(
            "A variable without a value, without '=' or with a second '=' inside is dropped.",
            "1.6",
            [
                _env(["X=bar"], "bar"),
                _env(["X="], "unset"),
                _env(["X"], "unset"),
                _env(["X=a=b"], "unset"),
                _env(["X=https://a.org/?q=1"], "unset"),
            ],
        ),
        Fact(
            "'=' at the end of a value is cut off, as of base64.",
            "1.6",
            [_env(["X=YQ=="], "YQ"), _env(["X=YWI="], "YWI")],
        ),
        Fact(
            "env may be repeated, and the later one of a name wins.",
            "1.2, 1.6",
            [_env(["Y=1", "X=2", "Z=3"], "2"), _env(["X=1", "X=2"], "2")],
            ASSUMED,
        ),
        Fact(
            "The server's own variables can't be changed.",
            "1.6",
            [
                _prints(
                    name,
                    pattern,
                    cmd="sh",
                    args=f"-c printf\t'%s'\t\\${name}",
                    env=[f"{name}=mine"],
                )
                for name, pattern in (
                    ("skaha_username", "<user>"),
                    ("skaha_sessionid", "<id>"),
                    ("HOME", re.compile("/.*/<user>")),
                )
            ]
            + [
                _prints("OMP_NUM_THREADS", "2\n", cmd="printenv", args="OMP_NUM_THREADS", cores="2")
            ],
            ASSUMED,
        ),
        Fact(
            "There is no variable for cores, memory, GPUs, type, name, image or replica.",
            "6.1",
            [
                Case(
                    "printenv",
                    _LOGS,
                    text(re.compile("(?!.*(REPLICA|replica|_image=|_type=|_gpus=)).*")),
                    [have(cmd="printenv"), Until("<id>", "Completed")],
                    platform={},
                )
            ],
        ),
        Fact(
            "'$' before a letter or at the end is refused, in each of the three.",
            "1.6",
            [
                Case("cmd", creating(cmd="echo$HOME"), _NO_GROUP),
                Case("args", creating(cmd="echo", args="$HOME"), _NO_GROUP),
                Case("env", creating(cmd="env", env="X=$HOME"), _NO_GROUP),
                Case("at the end", creating(cmd="echo", args="a$"), _NO_GROUP),
            ],
        ),
        Fact(
            "'$' before a digit breaks the server.",
            "1.6",
            [
                Case(
                    f"{name}",
                    creating(**{"cmd": "echo", name: value}),
                    broken("java.lang.IndexOutOfBoundsException: No group 1"),
                )
                for name, value in (("cmd", "a$1"), ("args", "$1"), ("env", "X=$1"))
            ],
        ),
        Fact(
            "A single backslash is removed, and keeps a '$' from failing.",
            "1.6",
            [_args(r"a\nb", "anb\n"), _args(r"\$HOME", "$HOME\n"), _env([r"X=\$5"], "$5")],
        ),
        Fact(
            "Two backslashes become one, which the template reads as an escape.",
            "1.6",
            [_args(r"a\\x20b", "a b\n"), _args(r"\\" + '"', '"\n')],
            ASSUMED,
        ),
        Fact(
            "A double quote breaks the template.",
            "1.6",
            [
                Case("cmd", creating(cmd='a"b'), broken(_REFUSED)),
                Case("args", creating(cmd="echo", args='a"b'), broken(_REFUSED)),
                Case("env", creating(cmd="env", env='X=a"b'), broken(_REFUSED)),
            ],
            ASSUMED,
        ),
        Fact(
            "A variable with no name, or one that Kubernetes doesn't take, breaks the server.",
            "1.6",
            [
                Case(f"{value}", creating(cmd="env", env=value), broken(_REFUSED))
                for value in ("=b", "a b=c", "1a=b")
            ],
            ASSUMED,
        ),
        Fact(
            "A session that isn't headless ignores all three, wrong ones too.",
            "1.4",
            [
                Case(
                    f"{kind}",
                    creating(type=kind, cmd="$HOME", args="$1", env='X="'),
                    created(),
                )
                for kind in ("notebook", "carta")
            ],
        ),
        Fact(
            "A command that fails is Failed, one that ends well is Completed.",
            "3.1",
            [
                Case(
                    command,
                    get("/session/<id>"),
                    record({"status": status, "type": "headless"}),
                    [have(cmd=command), Until("<id>", status)],
                )
                for command, status in (("true", "Completed"), ("false", "Failed"))
            ],
        ),
        Fact(
            "A program that doesn't exist is Failed.",
            "3.1",
            [
                Case(
                    "no such program",
                    get("/session/<id>"),
                    record({"status": "Failed"}),
                    [have(cmd="no-such-program-here"), Until("<id>", "Failed")],
                )
            ],
            ASSUMED,
        ),
    ],
)
