#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# map_profile's contract: exit codes, JSON on stdout, messages on stderr. Usage: map_profile.sh PROGRAM BODIES
program=$1
bodies=$2
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
failed=0

# run EXPECTED_EXIT ARGUMENTS...
run() {
    expected=$1
    shift
    "$program" "$@" >"$scratch/out" 2>"$scratch/err"
    code=$?
    if [ "$code" != "$expected" ]; then
        echo "FAILED: map_profile $*: exit $code, expected $expected"
        cat "$scratch/out" "$scratch/err"
        failed=1
    fi
}

# same FILE TEXT: the whole of what was written there
same() {
    printf '%s\n' "$2" | diff - "$scratch/$1" || { echo "FAILED: $1 differs"; failed=1; }
}

# has FILE TEXT: a line that was written there
has() {
    grep -qF -e "$2" "$scratch/$1" || { echo "FAILED: $1 lacks: $2"; cat "$scratch/$1"; failed=1; }
}

p="--provider bitbucket_cloud"

run 0 $p --email-doc "$bodies/emails_primary_last.json" --groups-doc "$bodies/workspaces.json" "$bodies/user.json"
same out '{
  "user_id": "{5b1f6a0e-93c4-4f0d-8f57-20c1d4b7e6aa}",
  "username": "tvlk",
  "full_name": "Tomáš Vlk <b>",
  "email": "tomas@vlk.example",
  "email_verified": true,
  "avatar": "https://avatars.example/initials/TV-3.png?d=https%3A%2F%2Fpictures.example%2FTV",
  "groups": ["vlk-labs","harbour_crew"]
}'
[ -s "$scratch/err" ] && { echo "FAILED: a good run writes to stderr"; failed=1; }

# Absent is null, no field stands in for another; the options may come after the profile.
run 0 "$bodies/user_without_id.json" $p
same out '{
  "user_id": null,
  "username": "nobody",
  "full_name": "No Body",
  "email": null,
  "email_verified": null,
  "avatar": null,
  "groups": null
}'
run 0 $p --groups-doc "$bodies/workspaces_none.json" "$bodies/user_bare.json"
has out '"groups": []'

# Other paths.
run 0 $p --path 'username=[type=user]/display_name' --path 'groups=links/*/href' --path 'avatar=nickname' \
    --path 'image_url_pattern=https://pictures.example/<picture-id>.png' "$bodies/user.json"
has out '"username": "Tomáš Vlk <b>"'
has out '"avatar": "https://pictures.example/Tom%20V.png"'
has out '"https://bitbucket.org/%7B5b1f6a0e-93c4-4f0d-8f57-20c1d4b7e6aa%7D/"'
run 0 $p --path username= "$bodies/user.json"
has out '"username": null'

# A bad path: a caret under the offending place, counted in code points.
run 1 $p --path 'full_name=jméno//x' "$bodies/user.json"
[ -s "$scratch/out" ] && { echo "FAILED: a bad path prints fields"; failed=1; }
has err 'full_name: a name is missing here (empty_segment at byte 7)'
has err 'jméno//x'
grep -qx '      ^' "$scratch/err" || { echo "FAILED: the caret is elsewhere"; cat "$scratch/err"; failed=1; }
run 1 $p --path user_id=a/ --path 'email=a[b' "$bodies/user.json"
has err 'user_id: '
has err 'email: '
run 1 $p --path image_url_pattern=http://pictures.example/ "$bodies/user.json"
has err 'not_https'

# Bad input.
run 2 --provider github_enterprise "$bodies/user.json"
has err 'unknown provider "github_enterprise"; known are: bitbucket_cloud'
run 2 $p "$bodies/no_such_file.json"
has err 'cannot read'
run 2 $p --email-doc "$bodies" "$bodies/user.json"
run 2 $p "$bodies/broken.json"
run 2 $p "$bodies/user_duplicate.json"
has err 'duplicate_member'
run 2 $p --email-doc "$bodies/broken.json" "$bodies/user.json"
run 2 $p --path user_id=has_2fa_enabled?:is_staff "$bodies/user.json"
run 2 $p --path nickname=nickname "$bodies/user.json"
run 2 $p --path user_id "$bodies/user.json"
run 2 $p
run 2 "$bodies/user.json"
run 2 $p --no-such-flag "$bodies/user.json"
run 0 --help

[ "$failed" = 0 ] && echo "map_profile keeps its contract"
exit $failed
