package dev.ferrule.guard.state

import java.io.ByteArrayOutputStream
import java.nio.Buffer
import java.nio.BufferUnderflowException
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Little-endian fields, one after the other. The reading half below throws [BufferUnderflowException] at the end. */
internal class Fields {
    private val out = ByteArrayOutputStream()

    fun u8(value: Int): Fields = apply { out.write(value) }

    fun u16(value: Int): Fields = u8(value).u8(value ushr Byte.SIZE_BITS)

    fun u32(value: Int): Fields = u16(value).u16(value ushr Short.SIZE_BITS)

    fun u64(value: ULong): Fields = u32(value.toInt()).u32((value shr Int.SIZE_BITS).toInt())

    fun raw(bytes: ByteArray): Fields = apply { out.write(bytes, 0, bytes.size) }

    /** A text with its length in one byte before it. */
    fun text(text: String): Fields = text.toByteArray(Charsets.UTF_8).let { u8(it.size).raw(it) }

    fun bytes(): ByteArray = out.toByteArray()
}

internal fun ByteBuffer.u8(): Int = get().toInt() and 0xff

internal fun ByteBuffer.u16(): Int = getShort().toInt() and 0xffff

internal fun ByteBuffer.u64(): ULong = getLong().toULong()

/** The next [count] bytes as a buffer of their own. */
internal fun ByteBuffer.take(count: Int): ByteBuffer {
    if (count > remaining()) throw BufferUnderflowException()
    val part = slice().order(ByteOrder.LITTLE_ENDIAN)
    // By way of Buffer: ByteBuffer has overrides of its own only from Android 9 on.
    (part as Buffer).limit(count)
    (this as Buffer).position(position() + count)
    return part
}

/** Everything from here on. */
internal fun ByteBuffer.rest(): ByteArray = ByteArray(remaining()).also(::get)
