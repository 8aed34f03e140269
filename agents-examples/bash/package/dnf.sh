# shellcheck shell=bash disable=SC2034,SC2154 # the variables of the agent `package`, which this file is a part of
# How dnf (4 and 5) and rpm are asked.

keep_unused=(--setopt=clean_requirements_on_remove=False)

# The runner never sets this; the tests do.
lists=${HOCKET_PACKAGE_LISTS:-/var/cache}

read_installed() {
    local line status=0
    line=$(rpm --query --queryformat '%{EVR}|%{ARCH}\n' -- "$package" 2>/dev/null) || status=$?
    (( status < 2 )) || hocket_fail dnf_failed "rpm ended with status $status"
    installed='' architecture=''
    if (( status == 0 )); then
        line=${line##*$'\n'}        # of several, as with kernels, the newest
        installed=${line%|*} architecture=${line#*|}
    fi
}

count_installed() { rpm --query --all | grep -vc '^gpg-pubkey-'; }

refresh_lists() { hocket_run dnf --assumeyes --quiet makecache --refresh || dnf_failed "$hocket_output"; }

# In seconds; fails when there are none.
lists_age() {
    local newest now
    newest=$(stat --format %Y "$lists"/{dnf,libdnf5}/*/repodata/repomd.xml 2>/dev/null | sort -n | tail -n 1) || true
    [[ $newest ]] || return 1
    printf -v now '%(%s)T' -1
    echo "$(( now - newest ))"
}

# Lines such as `bash.x86_64   5.2.26-3.fc40   updates`; obsoleted packages follow under a heading of their own.
read_updates() {
    local output status=0 name to repository rest
    output=$(dnf --quiet --cacheonly check-update 2>&1) || status=$?
    (( status == 0 || status == 100 )) || dnf_failed "$output"      # 100 is dnf's way to say: there are updates
    while read -r name to repository rest; do
        if [[ $name == Obsoleting ]]; then break; fi
        if [[ $name == *.* && $repository && -z $rest ]]; then add_change "${name%.*}" upgrade '' "$to"; fi
    done <<<"$output"
}

plan() {    # VERB VERSION
    local output status=0
    output=$(dnf --assumeno "${keep_unused[@]}" "$(dnf_verb "$1")" "$package${2:+-$2}" 2>&1) || status=$?
    if [[ $output == *$'\nTransaction Summary'* ]]; then
        read_transaction "$output"
    elif (( status )); then
        dnf_failed "$output"
    fi
}

perform() { # VERB VERSION
    hocket_run dnf --assumeyes "${keep_unused[@]}" "$(dnf_verb "$1")" "$package${2:+-$2}" || dnf_failed "$hocket_output"
}

dnf_verb() { if [[ $1 == update ]]; then echo upgrade; else echo "$1"; fi; }

# Fills changes and losses from the table that dnf shows before it asks. Here from dnf 5:
#
#     Upgrading:
#      curl                x86_64 8.11.1-5.fc42  updates    450.7 KiB
#        replacing curl    x86_64 8.11.1-4.fc42  fedora     440.6 KiB
#
# dnf 4 puts a long name on a line of its own, and says `replacing  NAME.ARCHITECTURE VERSION`, only for other names.
read_transaction() {
    local action='' name='' last_name='' line words
    while IFS= read -r line; do
        case $line in
            'Transaction Summary'*) break ;;
            Install*:) action=install ;;
            Upgrad*:) action=upgrade ;;
            Downgrad*:) action=downgrade ;;
            Remov*:) action=remove ;;
            [A-Z]*:) action='' ;;
            ' '*)
                read -ra words <<<"$name $line"
                name=''
                if [[ ${words[0]} == replacing ]]; then
                    take_replaced "${words[@]:1}"
                elif (( ${#words[@]} == 1 )); then
                    name=${words[0]}
                elif [[ $action && ${words[1]} =~ ^[a-z][a-z0-9_]*$ && ${words[2]-} == *-* ]]; then
                    take_package "$action" "${words[0]}" "${words[2]}"
                fi
                ;;
        esac
    done <<<"$1"
}

take_package() {    # ACTION NAME VERSION
    if [[ $1 == remove ]]; then
        add_change "$2" remove "$3" ''
    else
        last_name=$2
        add_change "$2" "$1" '' "$3"
    fi
}

take_replaced() {   # NAME ARCHITECTURE VERSION..., or NAME.ARCHITECTURE VERSION
    local name=$1 version=${3-}
    if (( $# == 2 )); then name=${1%.*} version=$2; fi
    [[ $name == "$last_name" ]] || add_change "$name" remove "$version" ''
}

dnf_failed() {
    local kind=dnf_failed errors
    errors=$(grep -E '^(Error|Failed|No match|Unable|Problem)' <<<"$1") || errors=$1
    case $1 in
        *'superuser privileges'* | *'Permission denied'*) kind=not_permitted ;;
        *'Unable to find a match'* | *'No match for argument'*) kind=not_found ;;
    esac
    hocket_fail "$kind" "$errors"
}
