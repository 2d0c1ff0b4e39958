package dev.ferrule.guard.ledger

import dev.ferrule.guard.state.Fields
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.rest
import dev.ferrule.guard.state.take
import dev.ferrule.guard.state.u16
import dev.ferrule.guard.state.u64
import dev.ferrule.guard.state.u8
import java.nio.BufferUnderflowException
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException

/**
 * A ledger as the payload of a record of the file, and back (`docs/formats/rollout-device-ledger.md`).
 *
 * Invariants: what is written reads back; bytes that make no sense read as null, whatever they are; what a later version appended is
 * kept (R45).
 */
internal object LedgerCodec {
    private const val TEXT_BYTES_MAX = 4_096

    fun encode(ledger: Ledger): ByteArray {
        val out = Fields()
        with(ledger.key) {
            out.long(feature).long(op).long(legacyBuild).long(candidateBuild).u32(comparator).long(config).u16(rung.packed())
        }
        with(ledger) {
            for (number in listOf(touched, first, last, loads, deaths, latencyHours, latencyTrips, latencyHour, drifted)) out.number(number)
            out.u8(Trial.values().size)
            for (trial in Trial.values()) out.number(count(trial))
            out.u8(classes.size)
            for ((name, hits) in classes) out.long(name).number(hits)
            out.u8(explained.size)
            for ((code, one) in explained) out.long(code).number(one.count).u8(if (one.isAccepted) 1 else 0)
            out.u8(distinct.level).u16(distinct.size)
            for (index in 0 until distinct.size) out.number(distinct.hash(index)).number(distinct.count(index))
            out.u16(days.size)
            for (index in 0 until days.size) out.u16(days.day(index)).number(days.comparisons(index)).number(days.real(index))
        }
        signatures(out, ledger.signatures)
        return out.raw(ledger.appended).bytes()
    }

    private fun signatures(out: Fields, signatures: Signatures) {
        out.number(signatures.overflow).u8(signatures.all.size)
        for ((id, one) in signatures.all) {
            out.number(id).number(one.count).long(one.code.orEmpty()).texts(one.places).u8(one.exemplars.size)
            for (exemplar in one.exemplars) out.texts(exemplar)
        }
    }

    /** Null if [bytes] are none. */
    fun decode(bytes: ByteBuffer): Ledger? = try {
        read(bytes)
    } catch (_: BufferUnderflowException) {
        null
    } catch (_: CharacterCodingException) {
        null
    } catch (_: NoLedger) {
        null
    }

    private fun read(input: ByteBuffer): Ledger {
        val (feature, op, legacy, candidate) = List(4) { input.text() }
        val comparator = input.getInt()
        val config = input.text()
        val rung = Rung.unpack(input.u16()) ?: throw NoLedger()
        val ledger = Ledger(LedgerKey(feature, op, legacy, candidate, comparator, config, rung), Room.ofFile())
        with(ledger) {
            touched = input.count()
            first = input.getLong()
            last = input.getLong()
            loads = input.count()
            deaths = input.count()
            latencyHours = input.count()
            latencyTrips = input.count()
            latencyHour = input.getLong()
            drifted = input.getLong()
        }
        sense(ledger.first <= ledger.last)
        sense(input.u8() == Trial.values().size)
        for (trial in Trial.values()) ledger.add(trial, input.count())
        repeat(atMost(Ledger.CLASSES_MAX + 1, input.u8())) { ledger.addClass(input.text(), input.count()) }
        repeat(atMost(Ledger.EXPLAINED_MAX, input.u8())) { ledger.addExplained(input.text(), input.count(), input.u8() != 0) }
        inputs(input, ledger.distinct)
        repeat(atMost(Days.DAYS_MAX, input.u16())) { ledger.days.add(input.u16(), input.count(), input.count()) }
        signatures(input, ledger.signatures)
        ledger.appended = input.rest()
        return ledger
    }

    private fun inputs(input: ByteBuffer, distinct: Distinct) {
        val level = input.u8()
        distinct.raise(level)
        repeat(atMost(Distinct.SAMPLE_MAX, input.u16())) {
            val hash = input.getLong()
            sense(Distinct.isSampled(hash, level))
            distinct.add(hash, input.count())
        }
    }

    private fun signatures(input: ByteBuffer, signatures: Signatures) {
        signatures.overflow = input.count()
        repeat(atMost(Signatures.SIGNATURES_MAX, input.u8())) {
            val id = input.getLong()
            val count = input.count()
            val code = input.text().ifEmpty { null }
            val one = signatures.of(id, input.texts(), code, count) ?: throw NoLedger()
            repeat(atMost(Signatures.EXEMPLARS_MAX, input.u8())) { one.exemplars += input.texts() }
        }
    }

    private fun Fields.number(value: Long): Fields = u64(value.toULong())

    /** A text with its length in two bytes before it. Whoever makes ledgers bounds what goes in. */
    private fun Fields.long(text: String): Fields = text.toByteArray(Charsets.UTF_8).let { u16(it.size).raw(it) }

    private fun Fields.texts(texts: List<String>): Fields = u8(texts.size).also { for (text in texts) long(text) }

    private fun ByteBuffer.text(): String {
        val bytes = take(atMost(TEXT_BYTES_MAX, u16()))
        return Charsets.UTF_8.newDecoder().decode(bytes).toString()
    }

    private fun ByteBuffer.texts(): List<String> = List(u8()) { text() }

    private fun ByteBuffer.count(): Long = getLong().also { sense(it >= 0) }

    /** Refuses a length that no writer writes. */
    private fun atMost(most: Int, found: Int): Int = found.also { sense(it <= most) }

    private fun sense(holds: Boolean) {
        if (!holds) throw NoLedger()
    }

    /** Bytes that are no ledger. Without a stack trace: damaged files are expected. */
    private class NoLedger : Exception(null, null, false, false)
}
