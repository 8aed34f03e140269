# shellcheck shell=bash disable=SC2034,SC2154 # the variables of the agent `package`, which this file is a part of
# How apt and dpkg are asked.

# The runner never sets this; the tests do.
lists=${HOCKET_PACKAGE_LISTS:-/var/lib/apt/lists}

read_installed() {
    local line status=0
    line=$(dpkg-query --show --showformat '${db:Status-Abbrev}|${Version}|${Architecture}\n' -- "$package" 2>/dev/null) || status=$?
    (( status < 2 )) || hocket_fail apt_failed "dpkg-query ended with status $status"
    installed='' architecture=''
    if [[ $line =~ (^|$'\n').i.?\|([^|]*)\|([^$'\n']*) ]]; then
        installed=${BASH_REMATCH[2]} architecture=${BASH_REMATCH[3]}
    fi
}

count_installed() { dpkg-query --show --showformat '${db:Status-Abbrev}\n' | grep -c '^.i'; }

refresh_lists() { apt_get update || apt_failed "$hocket_output"; }

# In seconds; fails when there are none, which is how a fresh container looks.
lists_age() {
    local newest now
    compgen -G "$lists/*_Packages*" >/dev/null || return 1
    newest=$(stat --format %Y "$lists" "$lists/partial" 2>/dev/null | sort -n | tail -n 1) || true
    printf -v now '%(%s)T' -1
    echo "$(( now - newest ))"
}

read_updates() {
    local change updates=()
    simulate dist-upgrade       # with packages that come anew, such as the next kernel
    for change in "${changes[@]}"; do
        if [[ $change == *'"action":"upgrade"'* ]]; then updates+=("$change"); fi
    done
    changes=("${updates[@]}")
}

plan() {    # VERB VERSION
    case $1 in
        install) require_exact_name; simulate install -- "$package${2:+=$2}" ;;
        update) simulate install --only-upgrade -- "$package" ;;
        remove) simulate remove -- "$package" ;;
    esac
}

perform() { # VERB VERSION
    local arguments=(install -- "$package${2:+=$2}")
    case $1 in
        update) arguments=(install --only-upgrade -- "$package") ;;
        remove) arguments=(remove -- "$package") ;;
    esac
    apt_get -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "${arguments[@]}" || apt_failed "$hocket_output"
}

# apt takes a name that it does not know for something else: `x.` for a pattern, `x-` for "remove x".
require_exact_name() {
    local known
    known=$(apt-cache show --no-all-versions -- "$package" 2>/dev/null) || known=''
    [[ $'\n'$known == *$'\n'"Package: ${package%%:*}"$'\n'* ]] || hocket_fail not_found "apt knows no package $package"
}

# Fills changes and losses with what apt would do.
simulate() {
    local output line name from to action security
    local arrives='^Inst ([^ ]+)( \[([^]]+)\])? \(([^ ]+)([^[]*)' leaves='^(Remv|Purg) ([^ ]+)( \[([^]]+)\])?'
    output=$(apt-get --simulate --yes "$@" 2>&1) || apt_failed "$output"
    while IFS= read -r line; do
        if [[ $line =~ $arrives ]]; then
            name=${BASH_REMATCH[1]} from=${BASH_REMATCH[3]} to=${BASH_REMATCH[4]} action=install security=false
            if [[ ${BASH_REMATCH[5]} == *[Ss]ecurity* ]]; then security=true; fi
            if [[ $from ]]; then action=upgrade; fi
            add_change "$name" "$action" "$from" "$to" ",\"security\":$security"
        elif [[ $line =~ $leaves ]]; then
            add_change "${BASH_REMATCH[2]}" remove "${BASH_REMATCH[4]}" ''
        fi
    done <<<"$output"
}

apt_get() { hocket_run DEBIAN_FRONTEND=noninteractive apt-get --yes -o DPkg::Lock::Timeout=30 "$@"; }

apt_failed() {
    local kind=apt_failed errors
    errors=$(grep -E '^(E: |dpkg: error)' <<<"$1") || errors=$1
    case $errors in
        *'are you root'* | *'Permission denied'*) kind=not_permitted ;;
        *'Unable to locate package'* | *' was not found'* | *'no installation candidate'*) kind=not_found ;;
        *'Could not get lock'* | *'Unable to acquire'*'lock'*) kind=locked ;;
    esac
    hocket_fail "$kind" "${errors//E: /}"
}
