"""What becomes of cmd, args and env: the rules alone, then a program that tells what it got."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platform_probe import IMAGE

from canfar.local.contract import java, yaml_text
from canfar.local.contract.commands import kubernetes_expansion, read_argv, read_environment
from canfar.local.contract.problems import BadRequestError, ProblemError, UnexpectedError


@pytest.mark.parametrize(
    ("cmd", "args", "argv"),
    [
        (None, None, ()),
        ("python -V", None, ("python -V",)),
        ("", None, ("",)),
        ("a", "a  b", ("a", "a", "", "b")),
        ("a", " b", ("a", "", "b")),
        ("a", "b  ", ("a", "b")),
        ("a", "b\tc", ("a", "b\tc")),
        ("a", "", ("a", "")),
        ("a", " ", ("a",)),
        ("a", "   ", ("a",)),
        (None, "b", ()),
        ("a", r"x\ny", ("a", "xny")),
        ("a", "x\\", ("a", "x")),
        ("a", r"\$HOME", ("a", "$HOME")),
        ("a", r"\\x20", ("a", " ")),
        ("a", r"\\\"", ("a", '"')),
        ("a", r"\\u00e9\\U0001F52D", ("a", "é🔭")),
        ("a", "one\ntwo\n\nthree\t\n\tfour", ("a", "one two\nthree four")),
        ("a", 'b","c', ("a", "b", "c")),
        ("a", 'b"\t,\t"c', ("a", "b", "c")),
        ("a", "'quoted' #no: comment {x} [y]", ("a", "'quoted'", "#no:", "comment", "{x}", "[y]")),
    ],
)
def test_a_command_is_one_word_and_arguments_split_at_every_space(cmd, args, argv):
    assert read_argv(cmd, args) == argv


@pytest.mark.parametrize(
    ("text", "problem", "message"),
    [
        ("$", BadRequestError, "Illegal group reference"),
        ("$HOME", BadRequestError, "Illegal group reference"),
        ("a$ b", BadRequestError, "Illegal group reference"),
        ("${}", BadRequestError, "named capturing group is missing trailing '}'"),
        ("${HOME", BadRequestError, "named capturing group is missing trailing '}'"),
        ("${HOME}", BadRequestError, "No group with name {HOME}"),
        ("${1}", BadRequestError, "capturing group name {1} starts with digit character"),
        (
            "$1",
            UnexpectedError,
            "unexpected exception: java.lang.IndexOutOfBoundsException: No group 1",
        ),
    ],
)
def test_a_dollar_sign_fails(text, problem, message):
    for read in (
        lambda: read_argv(text, None),
        lambda: read_argv("a", text),
        lambda: read_argv(None, text),
        lambda: read_environment([f"A={text}"]),
    ):
        with pytest.raises(problem) as caught:
            read()
        assert caught.value.message == message


def test_group_zero_is_the_templates_own_text():
    assert read_argv("a", "x$0y") == ("a", "x<placeholder>y")


@pytest.mark.parametrize(
    "text",
    ['"', 'a"b', 'a" "b', r"\\q", r"\\x2", r"\\xzz", r"\\UFFFFFFFF", "\x07", 'a"#,"b', "\ud800"],
)
def test_what_breaks_the_template_is_a_500(text):
    with pytest.raises(UnexpectedError):
        read_argv(text, None)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("FOO=bar", (("FOO", "bar"),)),
        ("FOO=", ()),
        ("FOO", ()),
        ("", ()),
        ("=", ()),
        ("FOO=a=b", ()),
        ("FOO=YQ==", (("FOO", "YQ"),)),
        ("FOO= ", (("FOO", " "),)),
        (r"FOO=a\$b", (("FOO", "a$b"),)),
        ("a.b-c=1", (("a.b-c", "1"),)),
    ],
)
def test_an_environment_value_is_kept_dropped_or_shortened(value, kept):
    assert read_environment([value]) == kept


@pytest.mark.parametrize("value", ["=x", "1A=x", "A B=x", 'A"=x', 'A=x"y'])
def test_a_variable_that_the_cluster_refuses_is_a_500(value):
    with pytest.raises(UnexpectedError):
        read_environment([value])


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$(A)", "1"),
        ("x$(A)y$(B)", "x1y$(B)"),
        ("$$(A)", "$(A)"),
        ("$$", "$"),
        ("$A $ $(", "$A $ $("),
    ],
)
def test_kubernetes_replaces_references(text, expanded):
    assert kubernetes_expansion(text, {"A": "1"}) == expanded


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2.0),
        (" \t2.5\n", 2.5),
        ("+.5e1D", 5.0),
        ("0x1.8p1", 3.0),
        ("-Infinity", float("-inf")),
        ("1_0", None),
        ("", None),
        ("e5", None),
        ("٣", None),
    ],
)
def test_java_reads_numbers_in_its_own_way(text, number):
    assert java.parse_double(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("+3", 3), ("-3", -3), (" 3", None), ("2147483648", None), ("3.0", None)]
)
def test_java_reads_integers_without_spaces(text, number):
    assert java.parse_int(text) == number


def test_an_escaped_line_break_joins_without_a_space():
    assert yaml_text.quoted("one\\\n   two") == "onetwo"


def test_a_quote_ends_a_text_and_starts_nothing():
    with pytest.raises(yaml_text.BrokenYamlError):
        yaml_text.quoted('a"')
    with pytest.raises(yaml_text.BrokenYamlError):
        yaml_text.quoted_list(['a",', "b"])


SAFE = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_characters='$\\"\x7f'),
    min_size=1,
).filter(lambda text: all(char not in "\x85\u2028\u2029" and char.isprintable() for char in text))


@given(st.lists(SAFE, min_size=1))
def test_words_without_specials_arrive_as_they_are(words):
    assert read_argv("a", " ".join(words)) == ("a", *words)


@given(st.text(), st.text())
def test_any_text_is_either_read_or_refused_in_the_servers_way(cmd, args):
    try:
        argv = read_argv(cmd, args)
    except ProblemError as problem:
        assert problem.status in {400, 500}  # noqa: PT017 - either is right
    else:
        assert all(isinstance(word, str) for word in argv)


TELL = "import\tjson,os,sys;print(json.dumps([sys.argv[1:],dict(os.environ),os.getcwd()]))"


def tell(probe, *, args="", env=()):
    mine = probe.create(cmd="python", args=f"-c {TELL} {args}", env=list(env))
    argv, environment, folder = json.loads(probe.finished(mine))
    return mine, argv, environment, folder


def test_a_program_gets_what_the_server_makes_of_it(probe):
    _, argv, environment, _ = tell(
        probe,
        args=r"a  b\n \$(skaha_username) 'c d'",
        env=["FOO=bar", "GONE=", "ALSO=a=b", "SHORT=YQ==", "REF=\\$(FOO)!", "HOME=/mine"],
    )

    assert argv == ["a", "", "bn", "alice", "'c", "d'"]
    assert environment["FOO"] == "bar"
    assert "GONE" not in environment
    assert "ALSO" not in environment
    assert environment["SHORT"] == "YQ"
    assert environment["REF"] == "bar!"


def test_a_program_finds_the_servers_variables(probe, platform, monkeypatch):
    monkeypatch.setenv("CANFAR_TOKEN", "not for others")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    mine, _, environment, folder = tell(probe, env=["skaha_username=mallory", "OMP_NUM_THREADS=9"])

    home = str(platform.home)
    assert environment["HOME"] == environment["PWD"] == home
    assert environment["skaha_sessionid"] == mine
    assert environment["skaha_username"] == "alice"
    assert environment["skaha_hostname"] in platform.url
    assert environment["OMP_NUM_THREADS"] == "1"
    assert environment["LC_ALL"] == "C.UTF-8"
    assert set(environment) <= {
        *("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "LD_LIBRARY_PATH"),
        *("HOME", "PWD", "skaha_hostname", "skaha_sessionid", "skaha_username"),
        "OMP_NUM_THREADS",
    }
    assert folder not in {home, str(platform.home.parent)}


def test_threads_follow_the_cores(probe):
    mine = probe.create(cores="2.5", cmd="sh", args="-c printenv\tOMP_NUM_THREADS")

    assert probe.finished(mine) == "2\n"


def test_commands_of_interactive_sessions_are_not_read(stage):
    reply = stage.alice.form(type="carta", cmd="$", args="$", env="$=$", image=IMAGE)

    assert reply.status_code == 200
