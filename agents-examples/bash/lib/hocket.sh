# shellcheck shell=bash disable=SC2034,SC1003
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
#   hocket_diff TEXT                  what was changed, or would be: lines for people
#   hocket_fail KIND MESSAGE [JSON]   ends the action with an error; JSON is an object with details
#   hocket_run [VAR=VALUE...] COMMAND [ARGUMENT...]      for commands that may leave a daemon behind, see below
#
# `set -e` is on: a command that fails unhandled ends the action, and the error names it. A subshell, such as $(...) or a pipe,
# cannot reply: there hocket_fail only logs and exits with 1. The EXIT trap and the descriptors 3 and 4 belong to this file.
#
# With `contract: worker` in its DDL the same program serves many requests, one after another, each in a subshell of the warm
# bash (so `fork` and `in_flight` change nothing). Inputs are shell variables then, and not in the environment of commands.
set -Eeuo pipefail; shopt -s inherit_errexit

declare -A _hocket_data=()
_hocket_names=() _hocket_diff='' _hocket_changed=false _hocket_message=OK _hocket_replied='' _hocket_where='' _hocket_request=''
_hocket_id='' _hocket_level=0       # the member `id` of the reply, and the BASH_SUBSHELL that may reply: both of a worker
[[ -v HOCKET_ACTION || -v HOCKET_CONTRACT ]] && _hocket_by_hand='' || _hocket_by_hand=yes
[[ ${HOCKET_CONTRACT-} != worker ]] || _hocket_level=1
: "${HOCKET_AGENT:=${0##*/}}"
trap '_hocket_where="line $LINENO: $BASH_COMMAND"' ERR
trap '_hocket_end $?' EXIT
{ [[ ${HOCKET_REPLY_FD-} == 3 ]] && true >&3; } 2>/dev/null || exec 3>&1 1>&2      # by hand: all but the reply to stderr

hocket_input() {
    local _hocket_variable=HOCKET_INPUT_${1^^} _hocket_omitted=" ${HOCKET_INPUT_OMITTED-} " _hocket_value=${2-} _hocket_status=1
    if [[ -v $_hocket_variable && ${_hocket_omitted^^} != *[\ ,]"${1^^}"[\ ,]* ]]; then
        _hocket_value=${!_hocket_variable} _hocket_status=0
    elif [[ $_hocket_by_hand || ${_hocket_omitted^^} == *[\ ,]"${1^^}"[\ ,]* ]]; then
        [[ ${_hocket_request//'\\'/} != *'\u0000'* ]] || hocket_fail unreadable_input "the request holds U+0000, which bash cannot keep"
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
hocket_diff() { local REPLY; hocket_quote "$1"; _hocket_diff=",\"diff\":$REPLY"; }
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
    [[ $1 && $1 != *[!A-Za-z0-9_]* && ${#1} -le 64 && $2 && ($# -lt 3 || $2 =~ ${3-}) ]] ||
        hocket_fail bad_output "not an output of this type: $1 = '$2'"
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
    if (( BASH_SUBSHELL != _hocket_level )); then printf '%s: %s\n' "$2" "$3" >&2; exit 1; fi
    hocket_quote "$HOCKET_AGENT/${2#*/}"; kind=$REPLY
    hocket_quote "$3"
    _hocket_reply "$1" "${3%%$'\n'*}" "\"error\":{\"kind\":$kind,\"message\":$REPLY,\"details\":${4-"{}"}}"
}
_hocket_end() { [[ $_hocket_replied ]] || _hocket_error 1 command_failed "${_hocket_where:-ended without a reply} (status $1)"; }

_hocket_reply() {   # STATUSCODE STATUSMSG MEMBERS
    hocket_quote "$2"
    _hocket_replied=yes
    printf '{%s"statuscode":%s,"statusmsg":%s,%s}\n' "$_hocket_id" "$1" "$REPLY" "$3" >&3
    exit 0
}

hocket_main() {
    (( _hocket_level == 0 )) || _hocket_serve
    IFS= read -r -N 268435456 _hocket_request || true
    exec </dev/null
    if [[ $_hocket_request != *[![:space:]]* ]]; then
        echo "$HOCKET_AGENT: no request on stdin" >&2
        _hocket_replied=no; exit 1
    elif [[ $_hocket_by_hand ]]; then
        HOCKET_ACTION=$(hocket-json get /action <<<"$_hocket_request") ||
            hocket_fail no_action 'no action: set HOCKET_ACTION, or have hocket-json on the PATH to read the request'
        HOCKET_NOOP=$(hocket-json get /noop <<<"$_hocket_request") || HOCKET_NOOP=false
    elif [[ ! -v HOCKET_ACTION ]]; then     # on standby
        export HOCKET_ACTION HOCKET_REQUEST_ID HOCKET_CALLER HOCKET_DEADLINE HOCKET_NOOP
        _hocket_parse "$_hocket_request" || _hocket_refuse
    fi
    _hocket_act
}
_hocket_refuse() { echo "$HOCKET_AGENT: stdin is not a request" >&2; _hocket_replied=no; exit 1; }
_hocket_act() {
    if [[ ! $HOCKET_ACTION || $HOCKET_ACTION == *[!a-z0-9_]* ]] || ! declare -F "action_$HOCKET_ACTION" >/dev/null; then
        _hocket_error 2 unknown_action "unknown action '$HOCKET_ACTION'"
    fi
    "action_$HOCKET_ACTION"
    local name data='' REPLY
    for name in "${_hocket_names[@]}"; do data+=",\"$name\":${_hocket_data[$name]}"; done
    _hocket_reply 0 "$_hocket_message" "\"data\":{${data#,}},\"changed\":$_hocket_changed$_hocket_diff"
}

# The worker. Descriptor 3 of a subshell is a file without a name, so what an action leaves behind can neither hold up the worker
# nor write between its lines. It is never emptied, for that costs more than the rest: the id tells a reply from an older one.
_hocket_serve() {
    local _hocket_file _hocket_requests _hocket_channel _hocket_line _hocket_status     # these names, for actions see them
    _hocket_file=$(mktemp)
    exec {_hocket_requests}<&0 </dev/null {_hocket_channel}>&3 3<>"$_hocket_file"
    rm "$_hocket_file"
    export HOCKET_ACTION HOCKET_REQUEST_ID HOCKET_CALLER HOCKET_DEADLINE HOCKET_NOOP
    _hocket_replied=no      # a worker itself replies to nothing: the runner tells of its end
    set +e      # and not `( … ) || status=$?`, which would switch it off within as well
    while IFS= read -r -u "$_hocket_requests" _hocket_request || [[ $_hocket_request ]]; do
        _hocket_parse "$_hocket_request" && [[ $_hocket_id ]] || _hocket_refuse
        (
            exec {_hocket_requests}<&- {_hocket_channel}>&- 3<>/proc/self/fd/3
            _hocket_where='' _hocket_replied=''
            trap '_hocket_end $?' EXIT
            set -e
            _hocket_act
        )
        _hocket_status=$? _hocket_line=
        (( _hocket_status )) || IFS= read -r _hocket_line </proc/self/fd/3
        if [[ $_hocket_line != "{$_hocket_id"* ]]; then
            _hocket_line="ended with exit code $_hocket_status"
            (( _hocket_status <= 128 )) || _hocket_line="was ended by signal $(( _hocket_status - 128 ))"
            _hocket_line="{$_hocket_id\"crashed\":\"the process of the request $_hocket_line, without a reply\"}"
        fi
        printf '%s\n' "$_hocket_line" >&"$_hocket_channel"
    done
    exit 0
}

# Sets _hocket_id, HOCKET_ACTION and its like, and HOCKET_INPUT_* from the object in LINE, without a process: JSON is split at its
# quotes, so that `parts` are in turn structure and string; `rest` is what is left of a part of structure. What bash cannot keep
# goes to HOCKET_INPUT_OMITTED. Without functions and regular expressions where the usual line passes, for each costs 10 µs.
# `\\`, `\"` and `\u` stand as the bytes 2, 3 and 4 meanwhile, which JSON has only escaped. Odd structure is refused.
_hocket_parse() {   # LINE
    local - LC_ALL=C IFS=\" line=$1 parts at=0 rest key inner='' escapes='' REPLY
    set -f
    unset -v "${!HOCKET_INPUT_@}"
    _hocket_id='' HOCKET_ACTION='' HOCKET_REQUEST_ID='' HOCKET_CALLER='' HOCKET_DEADLINE='' HOCKET_NOOP=false
    [[ $line != *[$'\x02'-$'\x04']* ]] || return 1
    if [[ $line == *\\* ]]; then escapes=yes line=${line//\\\\/$'\x02'}; line=${line//\\\"/$'\x03'}; fi
    # shellcheck disable=SC2206
    parts=($line)
    if [[ $line == *[[:space:]]* ]]; then
        for (( at = 0; at < ${#parts[@]}; at += 2 )); do parts[at]=${parts[at]//[[:space:]]/}; done
        at=0
    fi
    [[ ${parts[0]-} == '{' ]] || return 1
    while :; do
        key=$inner${parts[at + 1]-} rest=${parts[at += 2]-}
        case $rest in
            :)
                REPLY=${parts[at + 1]-} rest=${parts[at += 2]-}
                if [[ $escapes && $REPLY == *[$'\x02'$'\x03'\\]* ]]; then
                    [[ $REPLY != *\\u0000* ]] || key=${key/#inputs/omitted}
                    _hocket_unescape || return 1
                fi
                ;;
            :\{*)
                rest=${rest:1}
                if [[ $key == inputs ]]; then
                    inner=inputs/ rest=${rest:1}
                    [[ $rest ]] || continue
                else
                    _hocket_nested || return 1
                fi
                ;;
            :\[*) rest=${rest:1}; _hocket_nested || return 1 ;;
            :true* | :false* | :null* | :-[0-9]* | :[0-9]*) REPLY=${rest%%[],\}]*} rest=${rest:${#REPLY}} REPLY=${REPLY:1} ;;
            *) return 1 ;;
        esac
        case $key in
            id) hocket_quote "$REPLY"; _hocket_id="\"id\":$REPLY," ;;
            action) HOCKET_ACTION=$REPLY ;;
            agent) HOCKET_AGENT=$REPLY ;;
            caller) HOCKET_CALLER=$REPLY ;;
            deadline) HOCKET_DEADLINE=$REPLY ;;
            noop) HOCKET_NOOP=$REPLY ;;
            request_id) HOCKET_REQUEST_ID=$REPLY ;;
            */*[!A-Za-z0-9_]* | inputs/) ;;
            omitted/* | inputs/[oO][mM][iI][tT][tT][eE][dD]) HOCKET_INPUT_OMITTED+=" ${key#*/}" ;;
            inputs/*) key=${key#*/}; printf -v "HOCKET_INPUT_${key^^}" %s "$REPLY" ;;
        esac
        if [[ $inner && $rest == \}* ]]; then inner='' rest=${rest:1}; fi
        case $rest in
            ,) ;;
            \}) (( at + 1 == ${#parts[@]} )) && [[ ! $inner ]]; return ;;
            *) return 1 ;;
        esac
    done
}
_hocket_nested() {   # the JSON text of the array or object at `rest` into REPLY
    local depth=0 first=$rest from=$at head
    while :; do
        while head=${rest%%[][\{\}]*}; [[ $head != "$rest" ]]; do
            case ${rest:${#head}:1} in
                [\{\[]) depth=$(( depth + 1 )) ;;
                *) depth=$(( depth - 1 )) ;;
            esac
            rest=${rest:${#head} + 1}
            (( depth == 0 )) && break 2
        done
        (( at + 2 < ${#parts[@]} )) || return 1
        at=$(( at + 2 )) rest=${parts[at]}
    done
    if (( at == from )); then
        REPLY=${first%"$rest"}
    else
        REPLY="$first\"${parts[*]:from + 1:at - from}"      # joined with IFS
        REPLY=${REPLY%"$rest"}
    fi
    REPLY=${REPLY//$'\x03'/'\"'}
    REPLY=${REPLY//$'\x02'/'\\'}
    REPLY=${REPLY//$'\x04'/'\u'}
}
_hocket_unescape() {   # the string in REPLY, which has escapes
    local IFS=$'\x04' pieces code index
    REPLY=${REPLY//'\u'/$'\x04'}
    REPLY=${REPLY//'\n'/$'\n'}
    REPLY=${REPLY//'\t'/$'\t'}
    REPLY=${REPLY//'\r'/$'\r'}
    REPLY=${REPLY//'\b'/$'\b'}
    REPLY=${REPLY//'\f'/$'\f'}
    REPLY=${REPLY//'\/'/'/'}
    REPLY=${REPLY//$'\x03'/'"'}
    REPLY=${REPLY//$'\x02'/'\'}
    [[ $REPLY == *$'\x04'* ]] || return 0
    # shellcheck disable=SC2206
    pieces=($REPLY)
    for (( index = 1; index < ${#pieces[@]}; index++ )); do
        [[ ${pieces[index]} =~ ^[0-9a-fA-F]{4} ]] || return 1
        code=16#${pieces[index]:0:4}
        if [[ ${pieces[index]} =~ ^[dD][89abAB]..$ && ${pieces[index + 1]-} =~ ^[dD][c-fC-F][0-9a-fA-F]{2} ]]; then
            pieces[index]=''
            index=$(( index + 1 ))
            code=$(( 0x10000 + ((code & 0x3ff) << 10) + (16#${pieces[index]:0:4} & 0x3ff) ))
        fi
        _hocket_character "$(( code ))"
        pieces[index]=$REPLY${pieces[index]:4}
    done
    IFS=
    REPLY="${pieces[*]}"
}
_hocket_character() {   # CODE in UTF-8, in REPLY; half of a pair is U+FFFD
    local code=$1 more
    (( code < 0xd800 || code > 0xdfff )) || code=$(( 0xfffd ))
    printf -v more '\\x%02x' $(( 0x80 | (code >> 12 & 63) )) $(( 0x80 | (code >> 6 & 63) )) $(( 0x80 | (code & 63) ))
    if (( code < 0x80 )); then printf -v REPLY '\\x%02x' "$code"
    elif (( code < 0x800 )); then printf -v REPLY '\\x%02x%s' $(( 0xc0 | code >> 6 )) "${more:8}"
    elif (( code < 0x10000 )); then printf -v REPLY '\\x%02x%s' $(( 0xe0 | code >> 12 )) "${more:4}"
    else printf -v REPLY '\\x%02x%s' $(( 0xf0 | code >> 18 )) "$more"
    fi
    printf -v REPLY %b "$REPLY"
}
