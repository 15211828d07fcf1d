# Finds a JDK 25. To be sourced; sets JDK25_HOME or fails with one line on standard error.

# The major version of the JDK in directory $1, or nothing. Its release file tells it at once; a JDK
# without one is asked.
jdk_major() {
  [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
  fi
}

is_jdk25() {
  [ -n "$1" ] && [ "$(jdk_major "$1")" = 25 ]
}

# The directory behind the `javac` of the PATH, through its symbolic links.
jdk_on_path() {
  local javac
  javac=$(command -v javac) || return 0
  while [ -L "$javac" ]; do
    local link
    link=$(readlink "$javac")
    case $link in
      /*) javac=$link ;;
      *) javac=$(dirname "$javac")/$link ;;
    esac
  done
  (cd "$(dirname "$javac")/.." && pwd -P)
}

find_jdk25() {
  local candidate
  for candidate in "${JAVA_HOME:-}" "${JAVA25_HOME:-}" "$(jdk_on_path)" \
    /usr/lib/jvm/* /opt/* /opt/*/jdk* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk25 "$candidate"; then
      JDK25_HOME=$candidate
      return 0
    fi
  done
  if [ -x /usr/libexec/java_home ]; then
    candidate=$(/usr/libexec/java_home -v 25 2>/dev/null) || candidate=
    if is_jdk25 "$candidate"; then
      JDK25_HOME=$candidate
      return 0
    fi
  fi
  echo "llmproxy: needs a JDK 25: install one (such as Eclipse Temurin 25), or point JAVA_HOME at it" >&2
  return 1
}

# Maven under the JDK 25, quiet about what its own libraries do with that JDK.
run_maven() {
  JAVA_HOME=$JDK25_HOME \
    MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
    mvn -B -ntp "$@"
}

# Maven is needed to build only.
need_maven() {
  command -v mvn >/dev/null 2>&1 && return 0
  echo "llmproxy: needs Apache Maven 3.8.6 or later to build: install it, and have mvn on the PATH" >&2
  return 1
}
