package dev.ferrule.guard.ledger

import dev.ferrule.guard.Difference
import java.math.BigDecimal
import java.nio.ByteBuffer
import java.security.MessageDigest
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/**
 * What may be told of a value: nothing by default (R21). The same as the engine's `redact.rs`.
 *
 * Invariants: the key is made of the device's id, which never leaves it, and is never written; without it a digest leads to no
 * value; digests of two devices cannot be compared; no text and no byte passes. Thread-safe.
 */
internal class Redactor(key: ByteArray) {
    private val key = SecretKeySpec(key, ALGORITHM)

    /** HMAC-SHA-256 of [bytes]; the first eight bytes are the number that a ledger counts an input by. */
    fun hash(bytes: ByteArray): Long = ByteBuffer.wrap(mac(bytes)).getLong()

    /** The first 16 bytes as 32 hexadecimal digits. */
    fun name(text: String): String = ByteBuffer.wrap(mac(text.toByteArray(Charsets.UTF_8))).let { hex(it.getLong()) + hex(it.getLong()) }

    /** A value as it may be told. */
    fun value(value: Any?): String = when (value) {
        null -> "null"
        is Boolean, is Int, is Long, is Short, is Byte -> value.toString()
        is Double -> scientific(value)
        is Float -> scientific(value.toDouble())
        is CharSequence -> text(value.toString())
        is ByteArray -> "bytes#${hex(hash(value))}(${value.size})"
        is Collection<*> -> "list(${value.size})"
        is Map<*, *> -> "map(${value.size})"
        else -> "other"
    }

    /** What may be told of [differences]: a line each, at most [EXEMPLAR_BYTES_MAX] bytes. */
    fun exemplar(differences: List<Difference>): List<String> {
        var bytes = 0
        val lines = ArrayList<String>()
        for (one in differences) {
            val line = "${one.path} ${one.kind.label} ${value(one.legacy)} ${value(one.candidate)}"
            bytes += line.length + 1
            if (bytes > EXEMPLAR_BYTES_MAX) break
            lines += line
        }
        return lines
    }

    private fun text(text: String): String {
        val bytes = text.toByteArray(Charsets.UTF_8)
        return "text#${hex(hash(bytes))}(${text.codePointCount(0, text.length)},${classOf(text)})"
    }

    private fun mac(bytes: ByteArray): ByteArray = Mac.getInstance(ALGORITHM).apply { init(key) }.doFinal(bytes)

    companion object {
        /** Bytes of an exemplar at most (R20). */
        const val EXEMPLAR_BYTES_MAX = 4_096
        private const val ALGORITHM = "HmacSHA256"
        private const val REPLACEMENT = '\uFFFD'

        /** Of the device whose id is [unit]. */
        fun of(unit: String): Redactor =
            Redactor(MessageDigest.getInstance("SHA-256").digest("ferrule ledger\n$unit".toByteArray(Charsets.UTF_8)))

        fun hex(number: Long): String = java.lang.Long.toHexString(number).padStart(2 * Long.SIZE_BYTES, '0')

        /** The class of a text's characters: enough to see an encoding go wrong. */
        private fun classOf(text: String): String = when {
            text.isEmpty() -> "empty"
            text.all { it in '0'..'9' } -> "digits"
            text.all { it in '0'..'9' || it in 'a'..'z' || it in 'A'..'Z' } -> "alnum"
            text.all { it.code < 0x80 } -> "ascii"
            REPLACEMENT in text -> "replaced"
            else -> "unicode"
        }

        /** As Rust writes a float with an exponent: `1.5e0`, `-2e-7`, `NaN`, `inf`. */
        private fun scientific(value: Double): String = when {
            value.isNaN() -> "NaN"
            value.isInfinite() -> if (value > 0) "inf" else "-inf"
            value == 0.0 -> if (1 / value < 0) "-0e0" else "0e0"
            else -> {
                val exact = BigDecimal(value.toString()).stripTrailingZeros()
                val digits = exact.unscaledValue().abs().toString()
                val mantissa = if (digits.length == 1) digits else "${digits[0]}.${digits.substring(1)}"
                (if (value < 0) "-" else "") + mantissa + "e" + (digits.length - 1 - exact.scale())
            }
        }
    }
}
