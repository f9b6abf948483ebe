# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run and test: installs the Debian packages that are missing. Usage: need_packages PACKAGE...
need_packages() {
  local missing=() package sudo=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing, and neither root nor sudo is at hand: ${missing[*]}" >&2; return 1; }
    sudo=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  "${sudo[@]}" apt-get -o DPkg::Lock::Timeout=300 -qq update
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq -y \
    --no-install-recommends install "${missing[@]}" >/dev/null
}

# Puts promtool on the PATH, out of Debian's package of Prometheus, without installing that server.
get_promtool() {
  local tools=build/tools
  PATH="$PWD/$tools/usr/bin:$PATH"
  command -v promtool >/dev/null && return 0
  mkdir -p "$tools" && (cd "$tools" && apt-get -qq download prometheus && dpkg-deb -x prometheus_*.deb . &&
    rm -f prometheus_*.deb) >/dev/null 2>&1
  command -v promtool >/dev/null
}

BUILD_PACKAGES=(g++ cmake ninja-build qt6-base-dev libqcustomplot-dev nlohmann-json3-dev libsqlite3-dev libreadline-dev
  libgtest-dev libqt6sql6-sqlite fonts-dejavu-core)
TEST_PACKAGES=(ccache clang libclang-rt-dev lnav mold pgbadger python3 universal-ctags)
