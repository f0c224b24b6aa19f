# What the scripts share; sourced, not run. Sets root; finds a JDK; builds when need be: deploy/local, or what $module says.

root=$(cd "$(dirname "$0")/.." && pwd)
module=${module:-local}
target=$root/deploy/$module/target
stamp=$target/up.stamp
state=${HERALD_STATE:-$root/.herald}

fail() {
    echo "scripts/${0##*/}: $*" >&2
    exit 1
}

# The comment block at the top of the script.
usage() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it"
    else
        java=$(command -v java) || fail "no java found: install a JDK 17 or newer, or set JAVA_HOME to one"
    fi
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    [ "${version:-0}" -ge 17 ] || fail "$java is version ${version:-unknown}: a JDK 17 or newer is needed"
}

# A stack that runs must not have its jars replaced. The supervisor holds a lock; here it is enough to look whether the
# process that it names is there.
is_running() {
    pid=$(sed -n 's/.*pid \([0-9][0-9]*\).*/\1/p' "$state/run/up" 2>/dev/null | head -n 1)
    [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

is_stale() {
    [ -f "$stamp" ] && [ -f "$target/herald-$module.jar" ] || return 0
    newer=$(cd "$root" && find pom.xml .mvn schemas topology senders connectors deploy \
        \( -name target -o -name test -o -name e2e -o -name node_modules -o -name '*.md' \) -prune -o \
        -type f -newer "$stamp" -print | head -n 1)
    [ -n "$newer" ]
}

build() {
    command -v mvn >/dev/null || fail "no mvn found: Maven 3.8.6 or newer is needed to build"
    "$java" --list-modules | grep -q '^jdk.compiler' || fail "$java is not of a JDK: it has no compiler"
    echo "building; the first time takes some minutes" >&2
    mkdir -p "$target"
    touch "$stamp.new"
    (cd "$root" && mvn -q -B -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true -pl "deploy/$module" -am package >&2) ||
        fail "the build failed"
    mv "$stamp.new" "$stamp"
}

ensure_built() {
    find_java
    if ! is_running && is_stale; then
        build
    fi
    [ -f "$target/class-path" ] || fail "the local stack runs, and deploy/$module is not built: stop scripts/up first"
    class_path=$target/herald-$module.jar:$(cat "$target/class-path")
}

# Runs one of the operators' tools. What it knows of the topology are the topology's own variables, and the local stack's
# places where there are none.
run_tool() {
    tool=$1
    shift
    case ${1:-} in
    -h | --help)
        usage
        exit
        ;;
    esac
    ensure_built
    : "${HERALD_TOPOLOGY_BOOTSTRAP_SERVERS:=127.0.0.1:${HERALD_KAFKA_PORT:-9092}}"
    : "${HERALD_TOPOLOGY_SCHEMA_REGISTRY_URL:=http://127.0.0.1:${HERALD_REGISTRY_PORT:-8081}/apis/ccompat/v7}"
    : "${HERALD_TOPOLOGY_STATE_DIR:=$state/data/streams}"
    export HERALD_TOPOLOGY_BOOTSTRAP_SERVERS HERALD_TOPOLOGY_SCHEMA_REGISTRY_URL HERALD_TOPOLOGY_STATE_DIR
    log=/dev/null
    [ ! -d "$state" ] || log=$state/${0##*/}.log
    exec "$java" -Xmx1g -XX:TieredStopAtLevel=1 -Dherald.log="$log" -cp "$class_path" "$tool" "$@"
}
