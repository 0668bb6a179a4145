# What the scripts of examples/ share; for bash, with `set -euo pipefail`. The script sets `me`, `root`, `build` and `run`,
# the folder of the run's files.

say() { printf '[%3d s] %s\n' "$SECONDS" "$*" >&2; }
die() { printf '\n%s: %s\n' "$me" "$*" >&2; exit 1; }

programs=() # process ids of what was started
stop() {
    local pid
    for pid in "${programs[@]}"; do kill "$pid" 2> /dev/null || true; done
    for pid in "${programs[@]}"; do wait "$pid" 2> /dev/null || true; done
    programs=()
}

# start NAME LINES COMMAND...: in the background, until its log holds LINES lines "listening on"; its process id is $started
start() {
    local name=$1 lines=$2 log=$run/$1.log tries=0
    shift 2
    "$@" > "$log" 2>&1 &
    started=$!
    programs+=("$started")
    until [ "$(grep -c '^listening on ' "$log" || true)" -ge "$lines" ]; do
        if ! kill -0 "$started" 2> /dev/null || [ $((tries += 1)) -gt 200 ]; then
            tail -n 5 "$log" >&2
            if [ "${port:-0}" != 0 ] && grep -qi 'in use' "$log"; then
                die "port $port is taken. Choose another one: $me --port N"
            fi
            die "$name did not start; its log is $log"
        fi
        sleep 0.1
    done
}
address() { sed -n "s|^listening on \($2://.*\)|\1|p" "$run/$1.log" | head -n 1; } # address NAME SCHEME

# build_programs GROUP [PROGRAM]: the packages of that group, then the program (login_server) and bitbucket_simulator; their
# folder is in $bin.
# AUTHMOD_BIN names a folder where they are built already.
build_programs() {
    local program=${2:-login_server}
    mkdir -p "$run"
    bin=${AUTHMOD_BIN:-}
    [ -z "$bin" ] || return 0
    bin=$build/bin
    say "packages"
    bash "$root/.ci/install" "$1" >&2 || die "some packages are missing: see above for the command that installs them."
    say "building $program and bitbucket_simulator (some minutes the first time)"
    local log=$build/run.log generator=()
    [ -e "$build/CMakeCache.txt" ] || generator=(-G Ninja)
    if ! {
        cmake -S "$root" -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DAUTHMOD_BUILD_TESTS=OFF > "$log" 2>&1 &&
            cmake --build "$build" --target "$program" bitbucket_simulator -j "$(nproc)" 2>&1 | tee -a "$log" |
            sed -u 's/^/        /' >&2
    }; then
        grep -E 'error|Error|fatal|Killed' "$log" | head -n 10 >&2 || tail -n 10 "$log" >&2
        die "the build failed; all of its output is in $log. Out of memory? Then build with one job first:
  cmake --build $build --target $program bitbucket_simulator -j 1"
    fi
}

make_keys() {
    say "keys and certificates in $run"
    umask 077
    rm -f "$run"/cookies "$run"/*.pem
    openssl rand -hex 32 > "$run/admin.token"
    openssl rand -hex 32 > "$run/master.key"
}

# Starts the simulator behind a throw-away authority ($run/ca.pem). Sets $plain and $tls, its addresses, and $module, the
# members of an auth module that points at it.
start_simulator() {
    (
        cd "$run" &&
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca-key.pem -out ca.pem -days 30 \
                -subj '/CN=authmod throw-away CA' -addext keyUsage=critical,keyCertSign,cRLSign &&
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out request.pem -subj /CN=localhost &&
            printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > san.cnf &&
            openssl x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30 -extfile san.cnf -out cert.pem
    ) > "$run/openssl.log" 2>&1 || { tail -n 5 "$run/openssl.log" >&2; die "openssl could not make the certificates"; }

    say "starting the simulator of Bitbucket Cloud"
    start bitbucket_simulator 2 "$bin/bitbucket_simulator" --listen 127.0.0.1:0 --tls-listen 127.0.0.1:0 \
        --cert "$run/cert.pem" --key "$run/key.pem"
    plain=$(address bitbucket_simulator http)
    tls=$(address bitbucket_simulator https)
    # The browser does not trust our throw-away authority: it gets the authorization page over http, and the picture
    # from the login server, which fetches it (avatar_url).
    module='"type":"bitbucket_cloud"'
    module+=",\"name\":\"Bitbucket (simulated)\",\"client_id\":\"simulator-key\",\"client_secret\":\"simulator-secret\""
    module+=",\"authorization_url\":\"$plain/site/oauth2/authorize\",\"token_url\":\"$tls/site/oauth2/access_token\""
    module+=",\"user_info_url\":\"$tls/2.0/user\",\"email_url\":\"$tls/2.0/user/emails\""
    module+=",\"groups_url\":\"$tls/2.0/user/workspaces\",\"avatar_url\":\"$tls/avatars/me.png\""
}

# admin METHOD PATH [BODY FROM STDIN]: the admin API at $site; the token and the secret stay out of the process list.
admin() {
    local answer
    answer=$(curl -sS --max-time 20 -X "$1" -H @<(printf 'Authorization: Bearer %s' "$(cat "$run/admin.token")") \
        -H 'Content-Type: application/json' --data-binary @- -w '\n%{http_code}' "$site$2") || die "the admin API does not answer: $site$2"
    case ${answer##*$'\n'} in
    2*) printf '%s\n' "${answer%$'\n'*}" ;;
    *) die "the admin API refused $1 $2: $answer" ;;
    esac
}

# Makes the auth module {$module} and enables it; its id is in $id.
make_module() {
    local made
    say "creating the auth module"
    made=$(admin POST /api/modules <<< "{$module}")
    id=$(sed -nE 's/.*[{,]"id":"([^"]+)".*/\1/p' <<< "$made")
    [ -n "$id" ] || die "the admin API gave no id: $made"
    admin POST "/api/modules/$id/enable" < /dev/null > /dev/null
}

# log_in HANDLE: at $site, with curl as the browser (its cookies in $run/cookies); prints the account.
log_in() {
    local login="curl -sS --max-time 20 -b $run/cookies -c $run/cookies" page end
    rm -f "$run/cookies"
    # Along the redirects to the authorization page; its form posts the query back with the choice made.
    page=$($login -L -o /dev/null -w '%{url_effective}' "$site/login/$id")
    case $page in "$plain/site/oauth2/authorize?"*) ;; *) die "/login/$id leads to '$page', not to the authorization page" ;; esac
    end=$($login -L -o "$run/last-page.html" -w '%{http_code} %{url_effective}' --data-urlencode "request=${page#*\?}" \
        -d account="$1" -d decision=grant "$plain/site/oauth2/authorize") || die "the login broke off: $end"
    $login -f "$site/me" || die "the login failed at $end; the page it ended on is $run/last-page.html, the logs are in $run"
}

show_accounts() {
    printf 'The simulated Bitbucket asks for no password. Among its accounts:\n'
    curl -sS "$plain/_accounts" | grep -oE '"handle":"[^"]*","note":"([^"\\]|\\.)*"' |
        sed -E 's/"handle":"([^"]*)","note":"(.*)"/      \1: \2/; s/\\(["\/])/\1/g'
    printf 'Simulator: %s (it can be told to misbehave; the page says how)\n' "$plain"
}

# Waits until one of the programs ends.
watch_programs() {
    local pid
    while :; do
        wait -n || true
        for pid in "${programs[@]}"; do
            kill -0 "$pid" 2> /dev/null || die "a program ended by itself; see the logs in $run"
        done
    done
}
