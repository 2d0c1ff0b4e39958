package dev.ferrule.bindings

import dev.ferrule.os4.OsCompat
import dev.ferrule.os4.PropertySource
import dev.ferrule.os4.Samples

/** The first answer of a process, and nothing but; the marker says from where on it counts. */
fun main() {
    val source = PropertySource.of(Samples.os4)
    val facts = Samples.facts
    FirstAnswerMarker.touch()
    OsCompat.configure(source, facts)
    println(OsCompat.atLeastOS4())
}

/** Its loading is what the class-loading log is cut at. */
internal object FirstAnswerMarker {
    fun touch() = Unit
}
