package dev.ferrule.legacy.launcher

import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.charset.CodingErrorAction

/** Percent escapes as `android.net.Uri` reads and writes them (MORE.md: bad escapes never fail). */
internal object PercentCodec {
    private const val UNRESERVED = "_-!.~'()*"
    private const val REPLACEMENT = '\uFFFD'
    private const val HEX = "0123456789ABCDEF"

    /** Escapes all but letters, digits, `_-!.~'()*` and the characters of [allowed]. */
    fun encode(text: String, allowed: String = ""): String {
        if (text.all { isPlain(it, allowed) }) return text
        val out = StringBuilder(text.length + 16)
        var i = 0
        while (i < text.length) {
            val start = i
            while (i < text.length && isPlain(text[i], allowed)) i++
            out.append(text, start, i)
            val escaped = i
            while (i < text.length && !isPlain(text[i], allowed)) i++
            for (byte in text.substring(escaped, i).toByteArray(Charsets.UTF_8)) {
                out.append('%').append(HEX[byte.toInt() shr 4 and 15]).append(HEX[byte.toInt() and 15])
            }
        }
        return out.toString()
    }

    private fun isPlain(c: Char, allowed: String): Boolean =
        c in 'a'..'z' || c in 'A'..'Z' || c in '0'..'9' || c in UNRESERVED || c in allowed

    /**
     * Undoes escapes. `+` stays. A digit that is none is swallowed: the text gets U+FFFD, and the digits so far still
     * count as a byte. An escape cut off by the end gives U+FFFD.
     */
    fun decode(text: String): String {
        if (text.indexOf('%') < 0) return text
        val out = StringBuilder(text.length)
        val pending = ByteBuffer.allocate(text.length)
        var i = 0
        while (i < text.length) {
            val c = text[i++]
            if (c != '%') {
                flush(pending, out)
                out.append(c)
                continue
            }
            var value = 0
            for (digit in 0 until 2) {
                if (i >= text.length) {
                    flush(pending, out)
                    return out.append(REPLACEMENT).toString()
                }
                val nibble = hexDigit(text[i++])
                if (nibble < 0) {
                    flush(pending, out)
                    out.append(REPLACEMENT)
                    break
                }
                value = value * 16 + nibble
            }
            pending.put(value.toByte())
        }
        flush(pending, out)
        return out.toString()
    }

    private fun hexDigit(c: Char): Int = when (c) {
        in '0'..'9' -> c - '0'
        in 'a'..'f' -> c - 'a' + 10
        in 'A'..'F' -> c - 'A' + 10
        else -> -1
    }

    private fun flush(pending: ByteBuffer, out: StringBuilder) {
        if (pending.position() == 0) return
        // Through the superclass: its subclass got own versions of these methods later than Android did.
        (pending as Buffer).flip()
        val decoder = Charsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE)
        out.append(decoder.decode(pending))
        (pending as Buffer).clear()
    }
}
