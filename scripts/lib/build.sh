# Builds a module when its jar is missing or older than its sources. To be sourced after jdk.sh;
# needs JDK25_HOME.

# The sources of module $2 and of the modules it stands on, below directory $1.
sources_of() {
  case $2 in
    proxy-core) set -- "$1" proxy-providers proxy-core ;;
    *) set -- "$1" proxy-providers proxy-core proxy-client proxy-bench ;;
  esac
  local root=$1 part
  shift
  echo "$root/pom.xml"
  for part in "$@"; do
    echo "$root/$part/pom.xml"
    echo "$root/$part/src/main"
  done
}

# Directories count too: their time tells of files that were removed.
is_stale() {
  local root=$1 module=$2 stamp=$1/$2/target/built.stamp path
  [ -f "$stamp" ] && built_jar "$root" "$module" >/dev/null 2>&1 || return 0
  while IFS= read -r path; do
    if [ -n "$(find "$path" -newer "$stamp" -print 2>/dev/null | head -n 1)" ]; then
      return 0
    fi
  done <<EOF
$(sources_of "$root" "$module")
EOF
  return 1
}

# The thin jar of module $2; its manifest names the jars in lib/ beside it.
built_jar() {
  local jar
  for jar in $(ls -t "$1/$2/target/$2"-*.jar 2>/dev/null); do
    case $jar in
      *-sources.jar | *-javadoc.jar | *-tests.jar) ;;
      *)
        echo "$jar"
        return 0
        ;;
    esac
  done
  echo "llmproxy: no jar in $1/$2/target" >&2
  return 1
}

build_if_stale() {
  is_stale "$1" "$2" || return 0
  need_maven || return 1
  mkdir -p "$1/target"
  if command -v flock >/dev/null 2>&1; then
    (
      flock 9
      build_locked "$1" "$2"
    ) 9>"$1/target/build.lock"
  else
    build_with_directory_lock "$1" "$2"
  fi
}

# For systems without flock: a directory is made by one process only. A lock whose owner is gone is
# taken over.
build_with_directory_lock() {
  local lock=$1/target/build.lock.d owner status=0
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$lock"
    else
      sleep 1
    fi
  done
  echo $$ >"$lock/pid"
  build_locked "$1" "$2" || status=$?
  rm -rf "$lock"
  return "$status"
}

# What is edited during a build is newer than the build: its stamp is dated before it.
begin_stamp() {
  mkdir -p "$1/$2/target"
  : >"$1/$2/target/built.stamp.next"
}

# Archives of the old jar would be refused and written anew; those of older flags only take room.
end_stamp() {
  rm -f "$1/$2/target"/llmproxy-*.jsa
  mv "$1/$2/target/built.stamp.next" "$1/$2/target/built.stamp"
}

# Another process may have built while this one waited for the lock.
build_locked() {
  local root=$1 module=$2 stamp=$1/$2/target/built.stamp
  is_stale "$root" "$module" || return 0
  if [ -f "$stamp" ]; then
    echo "building llmproxy: its sources changed ..." >&2
  else
    echo "building llmproxy, the first time takes a minute or two ..." >&2
  fi
  begin_stamp "$root" "$module"
  (
    cd "$root"
    run_maven -q -Dstyle.color=never -Dmaven.test.skip=true -Dcheckstyle.skip=true \
      -Dspotless.check.skip=true -pl "$module" -am package </dev/null >"$root/target/build.log" 2>&1
  ) || {
    rm -f "$stamp.next"
    cat "$root/target/build.log" >&2
    echo "llmproxy: the build failed; what went wrong stands above" >&2
    return 1
  }
  end_stamp "$root" "$module"
}
