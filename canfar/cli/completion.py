"""``canfar completion``: the scripts that make shells complete, and what they talk with.

Each script asks ``canfar`` with the command line as it stands, in ``COMP_LINE``, and gets a line
for each completion: a kind of word, the word and what to say about it, with tabs between them.
click's own scripts would take images apart at their colons in bash.
"""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, ClassVar, Final

import click
from click.shell_completion import ShellComplete, add_completion_class

from canfar.cli.output import write

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["SHELLS", "VARIABLE", "command", "register"]

VARIABLE: Final = "_CANFAR_COMPLETE"

BASH: Final = """\
%(complete_func)s() {
    local type value about line="${COMP_LINE:0:COMP_POINT}"
    COMPREPLY=()
    while IFS=$'\\t' read -r type value about; do
        case $type in
            dir) type compopt &>/dev/null && compopt -o dirnames ;;
            file) type compopt &>/dev/null && compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_LINE="$line" %(complete_var)s=bash_complete "$1" 2>/dev/null)
    # Where colons end words, bash has the part before them already.
    local word="${line##*[[:space:]]}"
    if [[ $COMP_WORDBREAKS == *:* && $word == *:* ]]; then
        local before="${word%%"${word##*:}"}"
        COMPREPLY=("${COMPREPLY[@]#"$before"}")
    fi
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s %(prog_name)s
"""

ZSH: Final = """\
#compdef %(prog_name)s
%(complete_func)s() {
    local -a plain described
    local type value about line="${(j: :)words[1,CURRENT]}"
    while IFS=$'\\t' read -r type value about; do
        case $type in
            dir) _path_files -/ ;;
            file) _path_files ;;
            plain)
                if [[ -n $about ]]; then
                    described+=("${value//:/\\\\:}:$about")
                else
                    plain+=("$value")
                fi ;;
        esac
    done < <(COMP_LINE="$line" %(complete_var)s=zsh_complete "$words[1]" 2>/dev/null)
    (( $#described )) && _describe -V %(prog_name)s described
    (( $#plain )) && compadd -V %(prog_name)s -a plain
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

FISH: Final = """\
function %(complete_func)s
    set -l line (commandline -cp)
    for item in (env COMP_LINE="$line" %(complete_var)s=fish_complete %(prog_name)s 2>/dev/null)
        set -l part (string split \\t -- $item)
        switch $part[1]
            case dir
                __fish_complete_directories (commandline -ct)
            case file
                __fish_complete_path (commandline -ct)
            case plain
                echo $part[2]\\t$part[3]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

EXAMPLES: Final = """\b
Examples:
  eval "$(canfar completion bash)"
  canfar completion zsh > canfar-completion.zsh
"""


class _Shell(ShellComplete):
    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words of the command line before the one that is completed, and that one."""
        line = os.environ.get("COMP_LINE", "")
        words, last = _words(line)
        return words[1:], last

    def format_completion(self, item: CompletionItem) -> str:
        """Return the line that the scripts read for a completion."""
        return f"{item.type}\t{item.value}\t{item.help or ''}"


class Bash(_Shell):
    """bash, 3.2 and newer."""

    name: ClassVar[str] = "bash"
    source_template: ClassVar[str] = BASH


class Zsh(_Shell):
    """zsh."""

    name: ClassVar[str] = "zsh"
    source_template: ClassVar[str] = ZSH


class Fish(_Shell):
    """fish."""

    name: ClassVar[str] = "fish"
    source_template: ClassVar[str] = FISH


SHELLS: Final[dict[str, type[ShellComplete]]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def register() -> None:
    """Have click talk with our scripts instead of its own."""
    for shell in SHELLS.values():
        add_completion_class(shell)


@click.command(name="completion", epilog=EXAMPLES)
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
def command(shell: str) -> None:
    """Print what makes a shell complete commands, options, sessions and images.

    \b
    bash: put  eval "$(canfar completion bash)"  into ~/.bashrc
    zsh:  put  eval "$(canfar completion zsh)"   into ~/.zshrc, after compinit
    fish: canfar completion fish > ~/.config/fish/completions/canfar.fish

    It never waits for a server: names come from what commands showed a moment ago, or from a
    request that goes on beside the shell, so that they are there the next time you press Tab.
    """  # noqa: D301 - click's mark for lines to leave as they are
    root = click.get_current_context().find_root().command
    write(SHELLS[shell](root, {}, "canfar", VARIABLE).source())


def _words(line: str) -> tuple[list[str], str]:
    """Split a command line as shells do; the word at its end may be unfinished, or empty."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:  # a quotation mark that has no second one yet
        return words, lexer.token
    if not words or line[-1:].isspace():
        return words, ""
    return words[:-1], words[-1]
