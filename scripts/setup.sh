#!/usr/bin/env bash
# Installs what is missing to run the demo (`scripts/setup.sh demo`) or, beyond that, the tests (`scripts/setup.sh`).
#
# As root it installs Debian packages; as anybody else it says which are missing. The client libraries that the tests
# drive (PyPI, npm) go to tests/clients/ and belong to whoever owns the checkout. Nothing missing: done in a blink.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
clients=tests/clients

has() { command -v "$1" >/dev/null 2>&1; }
has_postgres() { has postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }
has_venv() { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null; }
# Debian puts it where only root's PATH leads.
has_nats() { has nats-server || [ -x /usr/sbin/nats-server ]; }
node_is_recent() { node -e 'process.exit(+process.versions.node.split(".")[0] >= 18 ? 0 : 1)'; }

missing_packages() {
  has cc || echo build-essential
  has_postgres || echo postgresql
  [ "$what" = demo ] && return
  has curl || echo curl
  has jq || echo jq
  has_nats || echo nats-server
  has chromium || echo chromium
  has chromedriver || echo chromium-driver
  has_venv || echo python3-venv
  has node || echo nodejs
  has npm || echo npm
}

conf=/etc/postgresql-common/createcluster.d/argus-setup.conf
# Debian's server package makes and starts a cluster of its own; only its binaries are wanted here.
install_packages() {
  install -d "$(dirname "$conf")" /etc/postgresql-common
  trap 'rm -f "$conf"' EXIT
  echo 'create_main_cluster = false' >"$conf"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 update -q
  # postgresql-common first: it brings the file that tells it to read the one above.
  case " $* " in *" postgresql "*) apt_install postgresql-common ;; esac
  apt_install "$@"
  rm -f "$conf"
}
apt_install() { apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "$@"; }

system_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" = 0 ] && has apt-get; then
    echo "setup: installing ${missing[*]}"
    install_packages "${missing[@]}"
  elif has apt-get; then
    echo "setup: missing packages: ${missing[*]}" >&2
    echo "setup: run once as root:  make -C '$PWD' setup" >&2
    exit 1
  else
    echo "setup: please install what these Debian packages hold: ${missing[*]}" >&2
    exit 1
  fi
}

# Both keep a copy of what they were made from, so that a changed list is noticed.
python_is_current() { cmp -s $clients/requirements.txt $clients/.venv/requirements.txt; }
node_is_current() { cmp -s $clients/package-lock.json $clients/node_modules/package-lock.json; }

client_libraries() {
  python_is_current && node_is_current && return
  if [ ! -w $clients ]; then
    echo "setup: $PWD/$clients is not yours to write, so run once as root:  make -C '$PWD' setup" >&2
    exit 1
  fi
  umask 022
  python_is_current || install_python
  node_is_current || install_node
}

# Debian's own interpreter: one from a home directory would be of no use to another user.
install_python() {
  echo 'setup: installing the Argus SDK and Schemathesis'
  rm -rf $clients/.venv
  /usr/bin/python3 -m venv $clients/.venv
  $clients/.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -r $clients/requirements.txt
  cp $clients/requirements.txt $clients/.venv/requirements.txt
  to_owner $clients/.venv
}

install_node() {
  node_is_recent || { echo "setup: Node.js 18 or newer is needed, this is $(node --version)" >&2; exit 1; }
  echo 'setup: installing openid-client'
  (cd $clients && npm ci --silent --ignore-scripts --no-audit --no-fund)
  cp $clients/package-lock.json $clients/node_modules/package-lock.json
  to_owner $clients/node_modules
}

# Root's files in somebody else's checkout would stand in their way at the next update.
to_owner() { [ "$(id -u)" != 0 ] || chown -R --reference=Makefile "$1"; }

system_packages
[ "$what" = demo ] || client_libraries
