package dev.ferrule.guard.state

import java.io.File
import java.io.IOException

/** The first [most] bytes of this file, or all of a shorter one: no file is read whole whatever its length. */
@Throws(IOException::class)
internal fun File.readAtMost(most: Int): ByteArray = inputStream().use { input ->
    val bytes = ByteArray(most)
    var filled = 0
    while (filled < most) {
        val read = input.read(bytes, filled, most - filled)
        if (read < 0) break
        filled += read
    }
    bytes.copyOf(filled)
}
