#!/bin/bash
#
# backup.sh - keep the last backups of a folder
#
# Runs from cron on every host. The cron wrapper reads the exit codes, so ask before you change them.

set -euo pipefail
shopt -s extglob nullglob
export LC_ALL=C
umask 077

usage() {
    cat <<'TEXT'
usage: backup.sh [-n] [-k N] [-x PATTERN]... [--] SOURCE TARGET
       backup.sh -l [--] TARGET

Packs the folder SOURCE into TARGET/backup-DATE.tar.gz, and removes all but the last N of these.
TARGET is made if need be, and is for one SOURCE only.

  -k, --keep N            how many to keep, 1 to 9999 (7)
  -x, --exclude PATTERN   leave out what matches, as in tar; may be repeated
  -n, --dry-run           say what would be done, and change nothing
  -l, --list              list the backups in TARGET, the oldest first
  -h, --help              show this

Exit codes: 0 a backup was made, 3 nothing has changed since the last one, 2 usage,
4 another backup to TARGET is running, 1 everything else.
TEXT
}

die() { # EXIT-CODE MESSAGE
    printf 'backup.sh: %s\n' "$2" >&2
    exit "$1"
}

wrong_usage() {
    usage >&2
    die 2 "$1"
}

# Absolute and without links, in $resolved. Not by $(...), which would cut newlines off the end of a name.
resolve() { # PATH
    IFS= read -r -d '' resolved < <(realpath -mz -- "$1") || die 1 "not a path: '$1'"
}

# What of $target is ours, the oldest first. Files that only look similar are not.
find_backups() {
    backups=("$target"/backup-+([0-9])-+([0-9]).tar.gz)
    last=
    ((${#backups[@]} == 0)) || last=${backups[-1]}
}

# The same folder gives the same bytes: that is how we see whether something has changed.
pack() {
    {
        # 1: a file changed while tar read it, which happens in a folder that is in use.
        tar --create --file=- --sort=name --directory="$source" "${excludes[@]}" -- . || (($? == 1))
    } | gzip -n
}

name_archive() {
    archive=$target/backup-$(date -u +%Y%m%d-%H%M%S).tar.gz
}

list() {
    [[ -d $target ]] || die 1 "no such folder: $target"
    find_backups
    ((${#backups[@]} == 0)) || printf '%s\n' "${backups[@]##*/}"
}

check_folders() {
    [[ -d $source ]] || die 1 "no such folder: $source"
    [[ -d $target || ! -e $target ]] || die 1 "not a folder: $target"
    [[ $target/ != "${source%/}"/* ]] || die 1 "$target is within $source, and would be part of its own backups"
    [[ ! -L $owner || $owner -ef $source ]] || die 1 "$target is for another folder, see $owner"
}

# Nothing is left of a backup that was not finished.
open_target() {
    mkdir -p -- "$target"
    exec 9<"$target"
    flock -n 9 || die 4 "another backup to $target is running"
    trap 'rm -f -- "$partial"' EXIT
    [[ -L $owner ]] || ln -s -- "$source" "$owner"
}

backup() {
    local digest surplus size
    check_folders
    if [[ $dry_run ]]; then
        digest=$(pack | sha256sum) || die 1 "cannot pack $source"
    else
        open_target
        pack >"$partial" || die 1 "cannot pack $source"
        digest=$(sha256sum <"$partial")
    fi

    find_backups
    if [[ $last && $digest == "$(sha256sum <"$last")" ]]; then
        printf 'unchanged since %s\n' "$last"
        exit 3
    fi

    name_archive
    while [[ -e $archive ]]; do
        sleep 0.2
        name_archive
    done
    [[ $archive > $last ]] || die 1 "the clock is behind the last backup, $last"

    surplus=$((${#backups[@]} + 1 - keep))
    ((surplus > 0)) || surplus=0
    if [[ $dry_run ]]; then
        printf 'would create %s removed=%d\n' "$archive" "$surplus"
        return
    fi
    mv -- "$partial" "$archive"
    ((surplus == 0)) || rm -f -- "${backups[@]:0:surplus}"
    size=$(stat -c %s -- "$archive")
    printf 'created %s bytes=%d removed=%d\n' "$archive" "$size" "$surplus"
}

keep=7
dry_run=
only_list=
excludes=()
while (($# > 0)); do
    case $1 in
        -k | --keep | -x | --exclude)
            (($# > 1)) || wrong_usage "$1 needs a value"
            case $1 in
                -k | --keep) keep=$2 ;;
                *) excludes+=("--exclude=$2") ;;
            esac
            shift
            ;;
        --keep=*) keep=${1#*=} ;;
        --exclude=*) excludes+=("$1") ;;
        -n | --dry-run) dry_run=yes ;;
        -l | --list) only_list=yes ;;
        -h | --help) usage && exit ;;
        --) shift && break ;;
        -*) wrong_usage "unknown option: $1" ;;
        *) break ;;
    esac
    shift
done
[[ $keep =~ ^[1-9][0-9]{0,3}$ ]] || wrong_usage "--keep wants 1 to 9999, not '$keep'"

if [[ $only_list ]]; then
    (($# == 1)) || wrong_usage '--list wants TARGET alone'
    resolve "$1"
    target=$resolved
    list
    exit
fi

(($# == 2)) || wrong_usage 'SOURCE and TARGET are wanted'
resolve "$1"
source=$resolved
resolve "$2"
target=$resolved
owner=$target/.backup-of
partial=$target/.partial
backup
