package dev.ferrule.bindings

/** Prints the line of a contained panic as logcat would show it, for the check that a packaged library's line leads to its source. */
fun main() {
    Logging.setSink { _, line -> println(line) }
    Logging.setLevel(LogLevel.ERROR)
    try {
        NativeBridge.selfTest(1, 0)
    } catch (contained: NativePanicException) {
        println(contained.code)
    }
}
