# What the scripts that measure login_server share; for bash, with `set -euo pipefail`. The script sets `root`, `build` and
# `run`, the folder of the run's files, and has `say` and `die`.

flags='-O2 -DNDEBUG'

# build_benchmarks TARGET...: their folder is in $bin. AUTHMOD_BIN names a folder where they are built already.
build_benchmarks() {
    mkdir -p "$run"
    bin=${AUTHMOD_BIN:-}
    [ -z "$bin" ] || return 0
    bin=$build/bin
    say "building (some minutes the first time)"
    {
        cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="$flags" \
            -DAUTHMOD_BUILD_BENCHMARKS=ON -DAUTHMOD_BUILD_TESTS=OFF -DAUTHMOD_BUILD_EXAMPLES=ON &&
            cmake --build "$build" --target "$@"
    } > "$run/build.log" 2>&1 || { tail -n 20 "$run/build.log" >&2; die "the build failed: $run/build.log"; }
}

# A certificate for the provider of the benchmark, which the services are told to trust: $run/cert.pem, $run/key.pem.
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$run/key.pem" -out "$run/cert.pem" -days 30 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2> "$run/openssl.log" || die "openssl: $run/openssl.log"
}

# Sets $compiler and $commit, which every report names.
name_build() {
    compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt" 2> /dev/null || true)
    compiler=$("${compiler:-g++}" --version | sed -n 1p)
    commit=$(git -C "$root" rev-parse --short HEAD 2> /dev/null || echo unknown)
    [ -z "$(git -C "$root" status --porcelain --untracked-files=no 2> /dev/null)" ] || commit="$commit and changes"
    [ -z "${AUTHMOD_BIN:-}" ] || commit="$commit or another: the programs were built before"
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; } # FILE
over() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }                                                             # A B
