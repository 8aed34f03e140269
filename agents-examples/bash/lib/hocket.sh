# shellcheck shell=bash disable=SC2034
# The agent contract of Hocket (spec/agent.md) for bash 4.4 and later. No jq, and nothing is parsed on the usual path.
#
#     . "${0%/*}/../lib/hocket.sh"
#     action_greet() {                        # one function per action
#         local name
#         hocket_input name                   # the input `name` into the variable `name`
#         hocket_string greeting "hello $name"
#     }
#     hocket_main
#
#   hocket_input NAME [DEFAULT]       without a DEFAULT the action fails when the input is not there
#   hocket_noop                       true when nothing may be changed: then say with hocket_message what would happen
#   hocket_string|int|float|bool|json NAME VALUE     sets one output;  hocket_list NAME [TEXT...]  an array of strings
#   hocket_quote TEXT                 TEXT as a JSON string in REPLY, for what is given to hocket_json
#   hocket_changed                    something was changed (with noop: would be);  hocket_message TEXT  instead of OK
#   hocket_fail KIND MESSAGE [JSON]   ends the action with an error; JSON is an object with details
#   hocket_run [VAR=VALUE...] COMMAND [ARGUMENT...]      for commands that may leave a daemon behind, see below
#
# `set -e` is on: a command that fails unhandled ends the action, and the error names it. A subshell, such as $(...) or a pipe,
# cannot reply: there hocket_fail only logs and exits with 1. The EXIT trap and the descriptors 3 and 4 belong to this file.
set -Eeuo pipefail; shopt -s inherit_errexit

declare -A _hocket_data=()
_hocket_names=() _hocket_changed=false _hocket_message=OK _hocket_replied='' _hocket_where='' _hocket_request=''
[[ -v HOCKET_ACTION ]] && _hocket_by_hand='' || _hocket_by_hand=yes
: "${HOCKET_AGENT:=${0##*/}}"
trap '_hocket_where="line $LINENO: $BASH_COMMAND"' ERR
trap '_hocket_end $?' EXIT
{ [[ ${HOCKET_REPLY_FD-} == 3 ]] && true >&3; } 2>/dev/null || exec 3>&1 1>&2      # by hand: all but the reply to stderr

hocket_input() {
    local _hocket_variable=HOCKET_INPUT_${1^^} _hocket_omitted=" ${HOCKET_INPUT_OMITTED-} " _hocket_value=${2-} _hocket_status=1
    if [[ -v $_hocket_variable && ${_hocket_omitted^^} != *[\ ,]"${1^^}"[\ ,]* ]]; then
        _hocket_value=${!_hocket_variable} _hocket_status=0
    elif [[ $_hocket_by_hand || ${_hocket_omitted^^} == *[\ ,]"${1^^}"[\ ,]* ]]; then
        [[ $_hocket_request != *'\u0000'* ]] || hocket_fail unreadable_input "the request holds U+0000, which bash cannot keep"
        _hocket_value=$(hocket-json get "/inputs/$1" <<<"$_hocket_request" && echo x) && _hocket_status=0 || _hocket_status=$?
        [[ $_hocket_status == 0 || ($_hocket_status == 1 && $_hocket_by_hand) ]] ||
            hocket_fail unreadable_input "the input $1 is only on stdin, and hocket-json ended with status $_hocket_status"
        if (( _hocket_status )); then _hocket_value=${2-}; else _hocket_value=${_hocket_value%$'\n'x}; fi
    fi
    (( _hocket_status == 0 || $# > 1 )) || _hocket_error 3 missing_input "the input $1 is required"
    printf -v "$1" %s "$_hocket_value"
}

hocket_noop() { [[ ${HOCKET_NOOP-} == true ]]; }
hocket_changed() { _hocket_changed=true; }
hocket_message() { _hocket_message=$1; }
hocket_fail() { _hocket_error 1 "$@"; }
hocket_string() { local REPLY; hocket_quote "$2"; _hocket_set "$1" "$REPLY"; }
hocket_int() { _hocket_set "$1" "$2" '^-?(0|[1-9][0-9]*)$'; }
hocket_float() { _hocket_set "$1" "$2" '^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$'; }
hocket_bool() { _hocket_set "$1" "$2" '^(true|false)$'; }
hocket_json() { _hocket_set "$1" "$2"; }
hocket_list() {
    local items='' text REPLY
    for text in "${@:2}"; do hocket_quote "$text"; items+=,$REPLY; done
    _hocket_set "$1" "[${items#,}]"
}
_hocket_set() {
    [[ $1 =~ ^[A-Za-z0-9_]{1,64}$ && $2 =~ ${3-.} ]] || hocket_fail bad_output "not an output of this type: $1 = '$2'"
    [[ -v _hocket_data[$1] ]] || _hocket_names+=("$1")
    _hocket_data[$1]=$2
}

hocket_quote() {
    REPLY=$1
    [[ $REPLY != *[!\ -~]* && $REPLY != *[\\\"]* ]] || _hocket_escape
    REPLY=\"$REPLY\"
}
_hocket_escape() {
    local LC_ALL=C code character
    [[ $REPLY != *[$'\x80'-$'\xff']* ]] || _hocket_clean
    REPLY=${REPLY//\\/"\\\\"}
    REPLY=${REPLY//\"/"\\\""}
    REPLY=${REPLY//$'\n'/"\\n"}
    [[ $REPLY == *[$'\x01'-$'\x1f']* ]] || return 0
    for code in 0{{1..9},{a..f}} 1{{0..9},{a..f}}; do
        printf -v character %b "\\x$code"
        REPLY=${REPLY//"$character"/"\\u00$code"}
    done
}
_hocket_clean() {   # bytes of REPLY that are no UTF-8 become U+FFFD; in windows, for bash copies a text with each step in it
    local text=$REPLY at=0 window size next more=[$'\x80'-$'\xbf']
    REPLY=
    while window=${text:at:1024} size=${#window} && (( size )); do
        while (( ${#window} > 3 || (size < 1024 && ${#window}) )); do
            case $window in
                [$'\x01'-$'\x7f']*) next=${window%%[$'\x80'-$'\xff']*} ;;
                $'\xe0'[$'\x80'-$'\x9f']*|$'\xed'[$'\xa0'-$'\xbf']*|$'\xf0'[$'\x80'-$'\x8f']*|$'\xf4'[$'\x90'-$'\xbf']*) next= ;;
                [$'\xc2'-$'\xdf']$more*) next=${window:0:2} ;;
                [$'\xe0'-$'\xef']$more$more*) next=${window:0:3} ;;
                [$'\xf0'-$'\xf4']$more$more$more*) next=${window:0:4} ;;
                *) next= ;;
            esac
            REPLY+=${next:-$'\xef\xbf\xbd'} next=${next:-?}
            window=${window:${#next}} at=$(( at + ${#next} ))
        done
    done
}

# Runs a command with nothing of ours in its hands: no inputs in its environment, no reply channel, and its output goes to a
# file and not to a pipe, so a daemon that it leaves behind holds up nobody. HOCKET_EXECUTION_ID stays, it tells the runner
# whose daemon that is. The end of the output is then in hocket_output; the status is the command's.
hocket_run() {
    local file status=0
    file=$(mktemp); exec 4<>"$file"; rm "$file"
    env -i PATH="$PATH" HOME="${HOME-/}" LANG="${LANG-}" HOCKET_EXECUTION_ID="${HOCKET_EXECUTION_ID-}" "$@" \
        </dev/null >&4 2>&1 3>&- 4>&- || status=$?
    hocket_output=$(tail -c 16384 /proc/self/fd/4)
    exec 4>&-; return "$status"
}

_hocket_error() {   # STATUSCODE KIND MESSAGE [DETAILS]
    local kind REPLY
    if (( BASH_SUBSHELL )); then printf '%s: %s\n' "$2" "$3" >&2; exit 1; fi
    hocket_quote "$HOCKET_AGENT/${2#*/}"; kind=$REPLY
    hocket_quote "$3"
    _hocket_reply "$1" "${3%%$'\n'*}" "\"error\":{\"kind\":$kind,\"message\":$REPLY,\"details\":${4-"{}"}}"
}
_hocket_end() { [[ $_hocket_replied ]] || _hocket_error 1 command_failed "${_hocket_where:-ended without a reply} (status $1)"; }

_hocket_reply() {   # STATUSCODE STATUSMSG MEMBERS
    hocket_quote "$2"
    _hocket_replied=yes
    printf '{"statuscode":%s,"statusmsg":%s,%s}\n' "$1" "$REPLY" "$3" >&3
    exit 0
}

hocket_main() {
    local name data='' REPLY
    IFS= read -r -N 268435456 _hocket_request || true
    exec </dev/null
    if [[ $_hocket_request != *[![:space:]]* ]]; then
        echo "$HOCKET_AGENT: no request on stdin" >&2
        _hocket_replied=no; exit 1
    elif [[ $_hocket_by_hand ]]; then
        HOCKET_ACTION=$(hocket-json get /action <<<"$_hocket_request") ||
            hocket_fail no_action 'no action: set HOCKET_ACTION, or have hocket-json on the PATH to read the request'
        HOCKET_NOOP=$(hocket-json get /noop <<<"$_hocket_request") || HOCKET_NOOP=false
    fi
    if ! [[ $HOCKET_ACTION =~ ^[a-z0-9_]{1,64}$ ]] || ! declare -F "action_$HOCKET_ACTION" >/dev/null; then
        _hocket_error 2 unknown_action "unknown action '$HOCKET_ACTION'"
    fi
    "action_$HOCKET_ACTION"
    for name in "${_hocket_names[@]}"; do data+=",\"$name\":${_hocket_data[$name]}"; done
    _hocket_reply 0 "$_hocket_message" "\"data\":{${data#,}},\"changed\":$_hocket_changed"
}
