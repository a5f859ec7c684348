#!/bin/sh
# Runs the one version of Bun that package.json pins, with the arguments given, in the current folder.
#
# A `bun` on PATH is used when it is exactly that version. Otherwise npm fetches it into ./.bun, once. npm does not run install
# scripts any more, so that the package's own is run by hand: it only links the executable of this platform, out of the package.
# Nothing outside this repository is read or written, so an empty or unwritable home will do.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
pinned=$(sed -n 's/^ *"packageManager": *"bun@\([0-9.]*\)".*/\1/p' "$root/package.json")
bin="$root/.bun/$pinned/node_modules/.bin"

is_pinned() {
  command -v "$1" >/dev/null 2>&1 && [ "$("$1" --version 2>/dev/null </dev/null)" = "$pinned" ]
}

# Fetched beside its place and moved there at once, so that an interrupted or a second, simultaneous run leaves nothing half made.
fetch() {
  command -v npm >/dev/null 2>&1 || {
    echo "Snug needs npm, or Bun $pinned, on PATH." >&2
    exit 1
  }
  echo "Fetching Bun $pinned into .bun (once) ..." >&2
  mkdir -p "$root/.bun"
  part=$(mktemp -d "$root/.bun/part-XXXXXX")
  trap 'rm -rf "$part"' EXIT
  trap 'exit 1' HUP INT TERM
  # npm wants a package.json where it installs, or it looks for one further up and finds ours.
  echo '{}' >"$part/package.json"
  npm install --prefix "$part" --cache "$part/cache" --no-save --ignore-scripts --no-audit --no-fund --no-update-notifier \
    --loglevel=error "bun@$pinned" </dev/null >&2
  node "$part/node_modules/bun/install.js" </dev/null >&2
  rm -rf "$part/cache"
  is_pinned "$part/node_modules/.bin/bun" || {
    echo "The Bun that npm fetched does not run on this machine." >&2
    exit 1
  }
  chmod 755 "$part"
  mv "$part" "$root/.bun/$pinned" 2>/dev/null || is_pinned "$bin/bun"
  rm -rf "$root/.bun/$pinned"/part-*
  trap - EXIT HUP INT TERM
  rm -rf "$part"
}

if ! is_pinned bun; then
  is_pinned "$bin/bun" || fetch
  PATH="$bin:$PATH"
  export PATH
fi
exec bun "$@"
