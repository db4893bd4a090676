# For bench/run and its like: builds what is older than its sources, and sets java, jar and ours (a class path).
# shellcheck shell=bash
# The caller has set bench, the folder of this file.
root=$(dirname -- "$bench")
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jar=$root/target/stream-ipc-0.1.0-SNAPSHOT.jar

# is_fresh FILE SOURCE...: no source is newer than the file.
is_fresh() {
    local file=$1
    shift
    [[ -f $file ]] && [[ -z $(find "$@" -newer "$file" -type f ! -name '*.pyc' -print -quit) ]]
}

# The jar that ships, without its Javadoc; tests are not this program's business.
build_library() {
    is_fresh "$root/target/bench.classpath" "$root/pom.xml" "$root/src/main" "$root/python/src"\
        && [[ -f $jar ]] && return
    (cd -- "$root" && mvn -q -B -ntp -Dmaven.test.skip=true -Dmaven.javadoc.skip=true package dependency:build-classpath \
        -DincludeScope=runtime -Dmdep.outputFile=target/bench.classpath)
    touch "$root/target/bench.classpath"
}

# build_bench [MAVEN WORDS]: with words it builds in any case.
build_bench() {
    (($# > 0)) || ! is_fresh "$bench/target/bench.jar" "$bench/pom.xml" "$bench/src" "$jar" || return 0
    local words=("$@")
    (($# > 0)) || words=(-DskipTests package)
    (cd -- "$bench" && mvn -q -B -ntp -Dstream.ipc.jar="$jar" "${words[@]}")
    touch "$bench/target/bench.jar"
}

build() {
    build_library
    build_bench "$@"
    ours=$bench/target/bench.jar:$jar:$(<"$root/target/bench.classpath")
}
