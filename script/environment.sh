# Sourced by the other scripts: finds Python, makes an environment, installs the locked packages.
# Names no package index: pip's own configuration decides where packages come from.

step() { current_step="$*"; printf '\n==> %s\n' "$*"; }

stop() { printf '\n%s: %s\n' "$script_name" "$*" >&2; trap - EXIT; exit 1; }

report_failure() {
    local status=$?
    [ "$status" -eq 0 ] && return
    printf '\n%s FAILED (exit %s) at: %s\n' "$script_name" "$status" "${current_step:-start}" >&2
}

# Python 3.11 or later that can make environments; PYTHON=... chooses one.
find_python() {
    local candidate
    local able='import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c "$able" >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
        [ "$candidate" = "${PYTHON:-}" ] && return 1
    done
    return 1
}

# make_environment FOLDER REQUIREMENTS: sets $python; installs only when the lock has changed.
make_environment() {
    local folder=$1 requirements=$2 base stamp
    python="$folder/bin/python"
    if ! "$python" -c '' 2>/dev/null; then
        base=$(find_python) || stop "needs Python 3.11 or later with pip and venv (on Debian and" \
            "Ubuntu: the package python3-venv); PYTHON=/path/to/python3 chooses one"
        step "Making ${folder##*/} with $("$base" --version)"
        "$base" -m venv "$folder"
    fi
    stamp=$("$python" - "$requirements" <<'PYTHON'
import hashlib, pathlib, sys
print(sys.version_info[:3], hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest())
PYTHON
    )
    if [ "$(cat "$folder/stromal-lock" 2>/dev/null)" != "$stamp" ]; then
        step "Installing the packages locked in ${requirements##*/}"
        "$python" -m pip install --quiet --require-hashes -r "$requirements"
        printf '%s\n' "$stamp" >"$folder/stromal-lock"
    fi
}
