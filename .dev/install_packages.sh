#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# install_packages.sh PACKAGE...: installs them with apt, as root, and starts no service of the system while doing so.
set -euo pipefail

# A package such as nginx-light would start a service on ports of its own choice. Debian asks policy-rc.d before it starts
# one: ours stands there for the time of the installation, unless the system has its own.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi

export DEBIAN_FRONTEND=noninteractive
options=(-q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
apt-get "${options[@]}" update
apt-get "${options[@]}" install --no-install-recommends "$@"
