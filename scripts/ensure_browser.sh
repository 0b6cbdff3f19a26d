#!/bin/sh
# Make sure that there is a Chromium for the browser tests. Where there is none and none can be had, say so loudly and
# go on (those tests are then skipped), unless CI=true: there, a test that can't run is a failure.
set -u

find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    return 1
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 "$@"
}

install_browser() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    for pause in 0 5 15; do
        sleep "$pause"
        echo "Installing Chromium for the browser tests ..."
        apt update && apt install -y --no-install-recommends chromium fonts-liberation fonts-noto-color-emoji \
            && return 0
    done
    return 1
}

find_browser >/dev/null && exit 0
install_browser >&2 && find_browser >/dev/null && exit 0

cat >&2 <<'TEXT'

  ********************************************************************************
  *  NO BROWSER: the browser tests will be SKIPPED.                              *
  *  They need a Chromium on the PATH. On Debian and Ubuntu, as root:            *
  *      apt-get install chromium fonts-liberation fonts-noto-color-emoji        *
  ********************************************************************************

TEXT
[ "${CI:-}" != true ]
