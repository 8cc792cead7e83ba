#!/bin/sh
# Install, upgrade or roll back Pufa Express without a network: `./install.sh --help`.
# Lies at the head of an archive of `make bundle`, and in deploy/ of what was installed from one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/source
[ -d "$root" ] || root=$(dirname "$here")
wanted=$(sed -n 's/.*"python": "\([0-9.]*\)".*/\1/p' "$root/MANIFEST.json")
for python in "${PYTHON:-}" "python$wanted" python3; do
  if [ -n "$python" ] && command -v "$python" >/dev/null 2>&1; then
    found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$found" = "$wanted" ]; then
      cd "$root"
      PYTHONDONTWRITEBYTECODE=1 exec "$python" -m scripts.install "$@"
    fi
  fi
done
echo "Python $wanted is needed, the one that the packages in here are for: install it (Debian 12: apt-get install python3 python3-venv), or name it in PYTHON." >&2
exit 1
