#!/bin/sh
# Makes generated/ from spec/openapi.yaml, the same to the byte on every machine.
#
#   scripts/generate.sh            write generated/
#   scripts/generate.sh --check    write nothing; show what differs, and fail if anything does
#
# PYTHON names an interpreter that has openapi-python-client and ruff; without it .venv/bin/python, else python3.
set -eu

generator=0.29.1
formatter=0.17.6

cd "$(dirname "$0")/.."
root=$PWD

fail() {
    echo "generate.sh: $1" >&2
    exit 2
}

check=no
case "${1-}" in
    '') ;;
    --check) check=yes ;;
    *) fail "unknown argument '$1'; the only one is --check" ;;
esac

if [ -z "${PYTHON-}" ]; then
    if [ -x .venv/bin/python ]; then PYTHON=$root/.venv/bin/python; else PYTHON=python3; fi
fi
found() {
    "$PYTHON" -c 'import importlib.metadata as m, sys; print(m.version(sys.argv[1]))' "$1" 2>/dev/null || echo none
}
have=$(found openapi-python-client)
[ "$have" = "$generator" ] ||
    fail "openapi-python-client $generator is needed, found: $have. Another release writes other files; install exactly that one, or set PYTHON."
have=$(found ruff)
[ "$have" = "$formatter" ] ||
    fail "ruff $formatter is needed, found: $have. Another release formats otherwise; install exactly that one, or set PYTHON."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
package=$work/generated/skaha_client
mkdir -p "$work/generated"

# Nothing of the surroundings may show: hash order, locale, or settings of ruff on this machine.
export PYTHONHASHSEED=0 PYTHONUTF8=1 LC_ALL=C
"$PYTHON" -m openapi_python_client generate \
    --path spec/openapi.yaml \
    --config scripts/openapi/config.yaml \
    --custom-template-path scripts/openapi/templates \
    --meta none \
    --fail-on-warning \
    --output-path "$package" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "the generator failed"; }

# The generator writes this mark only together with a pyproject.toml, which this package doesn't have.
: >"$package/py.typed"

# Imports that a template offers and a module doesn't need are removed, the rest sorted and formatted.
"$PYTHON" -m ruff check --isolated --no-cache --quiet --target-version py311 --line-length 120 \
    --config 'lint.isort.split-on-trailing-comma=false' \
    --select F401,F811,I --fix "$package" >&2 || fail "ruff found errors in the generated files"
"$PYTHON" -m ruff format --isolated --no-cache --quiet --target-version py311 --line-length 120 \
    --config 'format.skip-magic-trailing-comma=true' "$package" || fail "ruff can't format the generated files"

if [ "$check" = yes ]; then
    if diff -ruN --exclude=__pycache__ generated "$work/generated"; then
        echo "generated/ is what spec/openapi.yaml gives."
    else
        echo "generate.sh: generated/ isn't what spec/openapi.yaml gives; run scripts/generate.sh and commit the result." >&2
        exit 1
    fi
else
    rm -rf generated
    cp -R "$work/generated" generated
    echo "generated/ is written."
fi
