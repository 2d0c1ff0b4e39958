package dev.ferrule.os4

import dev.ferrule.bindings.InvalidInputException

/**
 * Writes questions in the packed form of `docs/formats/os-packed.md`, format 1, into an array that grows.
 *
 * What it is not: it checks no value against a rule; the native side decides what a text means. Not thread-safe.
 */
internal class PackedWriter {
    /** The bytes; the first [size] count. */
    var array: ByteArray = ByteArray(START_BYTES)
        private set

    /** Bytes written so far. */
    var size: Int = 0
        private set

    /** A whole question; without a [state] for a calm one. */
    fun question(source: PropertySource, facts: DeviceFacts, state: RuntimeState?) {
        header('Q', QUESTION_HEADER_BYTES)
        val pairsAt = size
        short(0)
        byte(if (facts.liveDevice) 1 else 0)
        byte(facts.abi.ordinal)
        byte(facts.rustRuntimeV3.ordinal)
        byte(facts.rustRuntimeV4.ordinal)
        byte(facts.rustRuntimeV5.ordinal)
        byte(facts.cpuLevel.orUnknown(0xfe, 0xff))
        byte(facts.gpuLevel.orUnknown(0xfe, 0xff))
        byte(0)
        short(facts.ramGib.orUnknown(0xfffe, 0xffff))
        short(facts.densityDpi.orUnknown(0xfffe, 0xffff))
        short(0)
        runtime(state)
        var pairs = 0
        for (index in OsKeys.names.indices) {
            val value = read(source, OsKeys.names[index]) ?: continue
            pair(OsKeys.names[index], value)
            pairs++
        }
        shortAt(pairsAt, pairs)
        finish()
    }

    /** A runtime state alone; a calm one without [state]. */
    fun runtimeState(state: RuntimeState?) {
        header('R', RUNTIME_BYTES)
        runtime(state)
        finish()
    }

    /** A source that throws for one key must not cost the answer: the key counts as absent. */
    private fun read(source: PropertySource, key: String): String? =
        try {
            source.get(key)?.takeIf { it.isNotEmpty() }
        } catch (_: Exception) {
            null
        }

    private fun header(kind: Char, headerBytes: Int) {
        size = 0
        byte('F'.code)
        byte('O'.code)
        byte('S'.code)
        byte(kind.code)
        short(FORMAT)
        short(headerBytes)
        int(0)
    }

    private fun runtime(state: RuntimeState?) {
        if (state == null) return calm()
        long(state.nowMillis)
        int(state.animatorScale.toRawBits())
        byte(state.thermal)
        byte(if (state.batterySaver) 1 else 0)
        byte(state.crossWindowBlur.ordinal)
        byte(if (state.windowBlursDisabled) 1 else 0)
        byte(if (state.reduceTransparency) 1 else 0)
        byte(state.userMaterial.ordinal)
        byte(if (state.nativeLauncherRunning) 1 else 0)
        byte(0)
    }

    /** [RuntimeState.CALM], of which a starting process need not load class, builder and enums: at time 0, normal speed. */
    private fun calm() {
        long(0)
        int(NORMAL_SPEED_BITS)
        long(0)
    }

    private fun pair(key: String, value: String) {
        short(key.length)
        val lengthAt = size
        short(0)
        ascii(key)
        val start = size
        text(value)
        shortAt(lengthAt, size - start)
    }

    /** A key of ours. The method is deprecated for texts that are not ASCII; it copies, and needs no encoder's class. */
    @Suppress("DEPRECATION", "PLATFORM_CLASS_MAPPED_TO_KOTLIN")
    private fun ascii(key: String) {
        room(key.length)
        (key as java.lang.String).getBytes(0, key.length, array, size)
        size += key.length
    }

    /** UTF-8, cut at [VALUE_BYTES_MAX]: a longer value is unusable by the rules, and stays longer than they allow. */
    private fun text(value: String) {
        val length = minOf(value.length, VALUE_BYTES_MAX)
        room(length)
        for (index in 0 until length) {
            val char = value[index].code
            if (char >= 0x80) {
                val encoded = value.toByteArray(Charsets.UTF_8)
                size -= index
                bytes(if (encoded.size > VALUE_BYTES_MAX) encoded.copyOf(VALUE_BYTES_MAX) else encoded)
                return
            }
            array[size++] = char.toByte()
        }
    }

    private fun finish() {
        if (size > BYTES_MAX) throw tooLong()
        val end = size
        size = TOTAL_AT
        int(end)
        size = end
    }

    /** Apart from [finish]: the exception's class is loaded when it is made. */
    private fun tooLong(): RuntimeException =
        InvalidInputException("FFI_PACKED_MALFORMED", "the question has $size bytes", "")

    private fun byte(value: Int) {
        room(1)
        array[size++] = value.toByte()
    }

    private fun short(value: Int) {
        room(2)
        array[size++] = value.toByte()
        array[size++] = (value shr 8).toByte()
    }

    private fun shortAt(at: Int, value: Int) {
        array[at] = value.toByte()
        array[at + 1] = (value shr 8).toByte()
    }

    private fun int(value: Int) {
        short(value)
        short(value shr 16)
    }

    private fun long(value: Long) {
        int(value.toInt())
        int((value shr 32).toInt())
    }

    private fun bytes(value: ByteArray) {
        room(value.size)
        System.arraycopy(value, 0, array, size, value.size)
        size += value.size
    }

    private fun room(bytes: Int) {
        if (size + bytes > array.size) array = array.copyOf(maxOf(array.size * 2, size + bytes))
    }

    private fun Int.orUnknown(max: Int, unknown: Int): Int = if (this in 0..max) this else unknown
}

private const val FORMAT = 1
private const val QUESTION_HEADER_BYTES = 48
private const val RUNTIME_BYTES = 32
private const val TOTAL_AT = 8
private const val NORMAL_SPEED_BITS = 0x3f800000
private const val START_BYTES = 4096
private const val VALUE_BYTES_MAX = 4096
private const val BYTES_MAX = 1 shl 20
