#!/bin/bash
# The agent coding: coding: latin-1 """ ''' */ ?> =end =cut #{exit 1} ${exit} $(exit 1) `exit 1` <<agent>> \ \u2028exit
#
# Begun by hocketc: each action answers with empty values until you write its work. It sets the variables `outputs`
# (NAME=TEXT or NAME:=JSON, see hocket-json), `changed` and `message`. What is printed is log (spec/agent.md).
# shellcheck disable=SC2034,SC2317 # inputs are not used yet; actions are called by name
set -euo pipefail
[[ -v HOCKET_REPLY_FD ]] || exec 3>&1 1>&2 # by hand: the reply to standard output, all else to standard error

outputs=() changed=false message=OK

# get POINTER: prints what it names in the request, a string as it is, anything else as JSON; fails when there is nothing.
get() { hocket-json get "$1" <<<"$request"; }

# input NAME VARIABLE: sets a variable to an input, each character of it; fails when it is absent.
input() {
    local _variable=HOCKET_INPUT_${1^^} # one that is long or sensitive has none, and by hand none has
    if [[ -v $_variable && ${1^^} != OMITTED ]]; then
        printf -v "$2" %s "${!_variable}"
        return
    fi
    local _text _unescaped=${request//'\\'/}
    [[ $_unescaped != *'\u0000'* ]] || fail unreadable_input 'the request holds U+0000, which bash cannot keep'
    _text=$(get "/inputs/$1" && echo x) || return
    printf -v "$2" %s "${_text%$'\n'x}"
}

# fail KIND MESSAGE [STATUSCODE]: ends the action with an error. The kind is a word for programs.
fail() {
    hocket-json object statuscode:="${3-1}" error:="$(hocket-json object kind="coding/$1" message="$2")" >&3
    exit 1
}

# Action 2fa: +build ignore
action_2fa() {
    outputs=()

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action _: @return never
action__() {
    outputs=()

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action __proto__: shareable_constant_value: nonsense
action___proto__() {
    outputs=()

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action a__b: shellcheck disable=nonsense
action_a__b() {
    outputs=()
    if [[ $noop == true ]]; then
        # Find out here what would be changed, and change nothing.
        message='noop: nothing would be changed'
        return
    fi

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action a_b: line 1 "x"
action_a_b() {
    outputs=()

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action ab: go:build ignore
action_ab() {
    outputs=()

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action constructor: # heading - list code
action_constructor() {
    outputs=()

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action default: */ exit(1); /* ?> <?php exit(1); =begin =cut exit 1 """ exit(1) '''\u2028exit 1\u0085exit\rexit \
#
# Inputs:
#   2fa (string, optional): """ exit(1) */ ?> \
#   7 (string, optional): """ exit(1) */ ?> \
#   IFS (string, optional): """ exit(1) */ ?> \
#   None (string, optional): """ exit(1) */ ?> \
#   PATH (string, optional): """ exit(1) */ ?> \
#   UID (string, optional): """ exit(1) */ ?> \
#   _ (string, optional): """ exit(1) */ ?> \
#   _1 (string, optional): """ exit(1) */ ?> \
#   __proto__ (string, optional): """ exit(1) */ ?> \
#   a (string, optional): """ exit(1) */ ?> \
#   action (string, optional): """ exit(1) */ ?> \
#   action_ (string, optional): """ exit(1) */ ?> \
#   class (string, optional): """ exit(1) */ ?> \
#   fs (string, optional): """ exit(1) */ ?> \
#   inputs (string, optional): """ exit(1) */ ?> \
#   noop (string, optional): """ exit(1) */ ?> \
#   null (string, optional): """ exit(1) */ ?> \
#   omitted (string, optional): """ exit(1) */ ?> \
#   others (string, optional): """ exit(1) */ ?> \
#   outputs (string, optional): """ exit(1) */ ?> \
#   pick (one of "*/", "?>", "\"\"\"", "\n", "#{exit}", optional): One
#   request (string, optional): """ exit(1) */ ?> \
#   secret (string, optional, sensitive): -*- coding: x -*-
#   self (string, optional): """ exit(1) */ ?> \
#   this (string, optional): """ exit(1) */ ?> \
#
# Outputs:
#   2 (string, default "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\"): */ ?> """ exit
#   2fa (integer, default 9223372036854775807): shareable_constant_value: nonsense
#   __proto__ (hash, default {"*/":["?>",null,false,1.5e+300],"2":[],"__proto__":{"a'b":"#{x} 'y' $z"},"é\n":{}}): Nested
#   class (string, default "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\"): */ ?> """ exit
#   free (of any type, default [1,{"x":"$(exit)"}]): Free
#   minimum (integer, default -9223372036854775808): Least
#   null (string, default "a\u0000b"): NUL
#   plain (string, default "it's #{x} $y @z"): line 7 "x"
action_default() {
    local input_2fa input_7 input_IFS input_None input_PATH input_UID input__ input__1 input___proto__ a action_ action__ class fs inputs noop_ null omitted others outputs_ pick request_ secret self this
    input 2fa input_2fa || input_2fa='' # absent
    input 7 input_7 || input_7='' # absent
    input IFS input_IFS || input_IFS='' # absent
    input None input_None || input_None='' # absent
    input PATH input_PATH || input_PATH='' # absent
    input UID input_UID || input_UID='' # absent
    input _ input__ || input__='' # absent
    input _1 input__1 || input__1='' # absent
    input __proto__ input___proto__ || input___proto__='' # absent
    input a a || a='' # absent
    input action action_ || action_='' # absent
    input action_ action__ || action__='' # absent
    input class class || class='' # absent
    input fs fs || fs='' # absent
    input inputs inputs || inputs='' # absent
    input noop noop_ || noop_='' # absent
    input null null || null='' # absent
    input omitted omitted || omitted='' # absent
    input others others || others='' # absent
    input outputs outputs_ || outputs_='' # absent
    input pick pick || pick='' # absent
    input request request_ || request_='' # absent
    input secret secret || secret='' # absent
    input self self || self='' # absent
    input this this || this='' # absent
    outputs=(
        '2='$'a\n\'""" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \xe2\x80\xae\x07 é 𝄞\x09\x0d end\\'
        '2fa:='9223372036854775807
        __proto__:=$'{"*/":["?>",null,false,1.5e+300],"2":[],"__proto__":{"a\'b":"#{x} \'y\' $z"},"é\\n":{}}'
        class=$'a\n\'""" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \xe2\x80\xae\x07 é 𝄞\x09\x0d end\\'
        free:='[1,{"x":"$(exit)"}]'
        minimum:=-9223372036854775808
        null:='"a\u0000b"'
        plain=$'it\'s #{x} $y @z'
    )
    if [[ $noop == true ]]; then
        # Find out here what would be changed, and change nothing.
        message='noop: nothing would be changed'
        return
    fi

    # The work goes here. To report an error: fail not_found 'what is missing'
}

command -v hocket-json >/dev/null || {
    echo "hocket-json is not in the PATH of agents, $PATH: link it there, or say where it is (search_path below [exec] in" \
        "runner.toml; hocket-agent --search-path)" >&2
    exit 1
}
request=$(cat)
[[ $request ]] || { echo 'no request on standard input' >&2; exit 1; }
action=${HOCKET_ACTION-$(get /action)}
noop=${HOCKET_NOOP-$(get /noop)} || noop=false
declare -F "action_$action" >/dev/null || fail unknown_action "unknown action '$action'" 2
"action_$action"
hocket-json object statuscode:=0 statusmsg="$message" changed:="$changed" \
    data:="$(hocket-json object "${outputs[@]}")" >&3
