package dev.ferrule.bindings

/** What came of loading. */
fun main() {
    println(NativeLibrary.load())
}
