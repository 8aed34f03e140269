#!/bin/bash
# The agent sample: Looks after things, one at a time.
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
    hocket-json object statuscode:="${3-1}" error:="$(hocket-json object kind="sample/$1" message="$2")" >&3
    exit 1
}

# Action print: Prints it
#
# Inputs:
#   class (string): A word of most languages
#   default (string, optional): Another one
#   end (integer, optional, default 10): And one of Ruby
#
# Outputs:
#   function (string): A word as well
action_print() {
    local class default end
    input class class
    input default default || default='' # absent
    input end end
    outputs=(
        function=''
    )
    if [[ $noop == true ]]; then
        # Find out here what would be changed, and change nothing.
        message='noop: nothing would be changed'
        return
    fi

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action reset: Forgets everything
action_reset() {
    outputs=()
    if [[ $noop == true ]]; then
        # Find out here what would be changed, and change nothing.
        message='noop: nothing would be changed'
        return
    fi

    # The work goes here. To report an error: fail not_found 'what is missing'
}

# Action status: How a thing is
#
# Inputs:
#   deep (boolean, optional, default false): Whether to look into it
#   depth (integer, optional): How far to look
#   labels (hash, optional): What must be so
#   limit (float, optional, default 0.9): Above which it is full
#   name (string): Which thing
#   ratio (number, optional): How much of it
#   tags (array, optional): Which ones
#   token (string, optional, sensitive): Proves who asks
#   unit (one of "bytes", 1024, true, optional): How sizes are shown
#
# Outputs:
#   anything (of any type): Of no certain type
#   bytes (integer): How large it is
#   labels (hash): What it is called
#   limits (hash, default {"cpu":2,"empty":{},"ratio":0.5,"tags":["a",null,true]}): What it may do
#   load (float): How busy it is
#   note (string): What else is known
#   parts (array): What it is made of
#   present (boolean): Whether it is there
#   score (number): How good it is
#   state (string, default "it's idle"): What it does
action_status() {
    local deep depth labels limit name ratio tags token unit
    input deep deep
    input depth depth || depth='' # absent
    input labels labels || labels='' # absent
    input limit limit
    input name name
    input ratio ratio || ratio='' # absent
    input tags tags || tags='' # absent
    input token token || token='' # absent
    input unit unit || unit='' # absent
    outputs=(
        anything=''
        bytes:=0
        labels:='{}'
        limits:='{"cpu":2,"empty":{},"ratio":0.5,"tags":["a",null,true]}'
        load:=0.0
        note=''
        parts:='[]'
        present:=false
        score:=0
        state=$'it\'s idle'
    )

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
