package dev.ferrule.guard.ledger

import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.rest
import dev.ferrule.guard.state.take
import dev.ferrule.guard.state.u16
import dev.ferrule.guard.state.u8
import java.nio.BufferUnderflowException
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * What a compiled state says of the features' evidence, by name (`docs/formats/rollout-state.md`, tag 4).
 *
 * Invariant: it holds only while the device runs that very configuration; any doubt is no terms, and then no evidence.
 */
internal object LedgerTerms {
    private const val TAG = 4

    /** The terms of [compiled] for a device that stands at [record]. */
    fun of(compiled: Payload?, record: DeviceRecord): Map<String, Terms> {
        if (compiled == null || compiled.record.generation != record.generation) return emptyMap()
        val names = compiled.record.features.associate { it.settings.id to it.settings.name }
        return compiled.unknown(TAG).mapNotNull(::read).mapNotNull { (id, terms) -> names[id]?.let { it to terms } }.toMap()
    }

    private fun read(bytes: ByteArray): Pair<Int, Terms>? = try {
        val input = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
        val id = input.u16()
        val config = Redactor.hex(input.getLong())
        id to Terms(config, List(input.u8()) { String(input.take(input.u8()).rest(), Charsets.UTF_8) }.toSet())
    } catch (_: BufferUnderflowException) {
        null
    }
}
