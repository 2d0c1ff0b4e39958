package dev.ferrule.guard.state

import dev.ferrule.guard.Bucket
import java.io.ByteArrayOutputStream
import java.nio.BufferUnderflowException
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.charset.CharacterCodingException

/**
 * The payload of a state slot: a list of tagged fields (`docs/formats/rollout-state.md`).
 *
 * What it is: a [DeviceRecord] to bytes and back. What it is not: checksums and slots; see [StateFile].
 *
 * Invariants: unknown tags, and what a later version appended to a known field, are kept and written back (R45); a known
 * field that makes no sense makes the whole payload unreadable.
 */
internal class Payload(
    /** The known part. Boot and boot time stand in the slot's header. */
    val record: DeviceRecord,
    private val unknown: List<Field> = emptyList(),
    private val appended: List<Appended> = emptyList(),
) {
    /** A field of a later version. */
    class Field(val tag: Int, val value: ByteArray)

    /** What was appended to the known field [tag] of the feature [id], 0 for the device. */
    class Appended(val tag: Int, val id: Int, val bytes: ByteArray)

    /** The same with another known part; what a later version wrote is kept. */
    fun with(record: DeviceRecord): Payload = Payload(record, unknown, appended)

    /** The values of an unknown field, in order. */
    fun unknown(tag: Int): List<ByteArray> = unknown.filter { it.tag == tag }.map { it.value }

    fun encode(): ByteArray {
        val out = ByteArrayOutputStream()
        put(out, TAG_DEVICE, 0, device(record))
        for (feature in record.features) {
            put(out, TAG_SETTINGS, feature.settings.id, settings(feature.settings))
            put(out, TAG_STANDING, feature.settings.id, standing(feature))
        }
        for (field in unknown) write(out, field.tag, field.value)
        return out.toByteArray()
    }

    private fun put(out: ByteArrayOutputStream, tag: Int, id: Int, value: ByteArray) {
        val rest = appended.filter { it.tag == tag && it.id == id }.map { it.bytes }
        write(out, tag, rest.fold(value, ByteArray::plus))
    }

    private fun write(out: ByteArrayOutputStream, tag: Int, value: ByteArray) {
        out.write(Fields().u16(tag).u16(value.size).bytes())
        out.write(value)
    }

    private fun ByteArrayOutputStream.write(bytes: ByteArray) = write(bytes, 0, bytes.size)

    companion object {
        private const val TAG_DEVICE = 1
        private const val TAG_SETTINGS = 2
        private const val TAG_STANDING = 3
        private const val NO_RUNG = 0xffff

        private const val LOST = 1
        private const val SAFE_MODE = 2
        private const val CRITICAL = 1
        private const val BAD = 2
        private const val FROZEN = 1
        private const val PROBING = 2

        /** Reads a payload; null if it makes no sense. */
        fun decode(bytes: ByteArray): Payload? = try {
            read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
        } catch (_: BufferUnderflowException) {
            null
        } catch (_: CharacterCodingException) {
            null
        } catch (_: Nonsense) {
            null
        }

        private fun read(input: ByteBuffer): Payload {
            var device: DeviceRecord? = null
            val features = ArrayList<FeatureRecord>()
            val unknown = ArrayList<Field>()
            val appended = ArrayList<Appended>()
            var standingIsDue = false
            while (input.hasRemaining()) {
                val tag = input.u16()
                val value = input.take(input.u16())
                val id = when (tag) {
                    TAG_DEVICE -> {
                        sense(device == null)
                        device = readDevice(value)
                        0
                    }
                    TAG_SETTINGS -> {
                        sense(!standingIsDue)
                        val settings = readSettings(value)
                        sense(features.size < DeviceRecord.FEATURES_MAX)
                        sense(features.isEmpty() || features.last().settings.id < settings.id)
                        features += FeatureRecord(settings)
                        standingIsDue = true
                        settings.id
                    }
                    TAG_STANDING -> {
                        // Always behind the settings of the same feature, and once.
                        sense(standingIsDue)
                        standingIsDue = false
                        features[features.lastIndex] = readStanding(value, features.last())
                        features.last().settings.id
                    }
                    else -> {
                        unknown += Field(tag, value.rest())
                        continue
                    }
                }
                if (value.hasRemaining()) appended += Appended(tag, id, value.rest())
            }
            sense(!standingIsDue)
            return Payload((device ?: throw Nonsense()).copy(features = features), unknown, appended)
        }

        private fun device(record: DeviceRecord): ByteArray {
            val flags = (if (record.lost) LOST else 0) or (if (record.safeMode != null) SAFE_MODE else 0)
            return Fields()
                .raw(ByteArray(Bucket.UNIT_BYTES) { record.unit.substring(2 * it, 2 * it + 2).toInt(16).toByte() })
                .u64(record.age).u64(record.build).u64(record.generation).u64(record.safeMode ?: 0u)
                .u8(flags).u8(record.killed).recent(record.deaths)
                .bytes()
        }

        private fun readDevice(input: ByteBuffer): DeviceRecord {
            val unit = Bucket.unitOf(input.take(Bucket.UNIT_BYTES).rest())
            val (age, build, generation, safeMode) = List(4) { input.u64() }
            val flags = input.u8()
            return DeviceRecord(
                unit = unit,
                age = age,
                build = build,
                generation = generation,
                safeMode = if (flags and SAFE_MODE != 0) safeMode else null,
                lost = flags and LOST != 0,
                killed = input.u8(),
                deaths = input.recent(),
            )
        }

        private fun settings(settings: Settings): ByteArray {
            val flags = (if (settings.critical) CRITICAL else 0) or (if (settings.bad) BAD else 0)
            val out = Fields()
                .u16(settings.id).u8(settings.template.ordinal).u8(flags)
                .u16(settings.start.packed()).u16(settings.ceiling.packed()).u16(settings.windowStart)
                .u64(settings.parents).text(settings.name).text(settings.salt)
                .u8(settings.targets.size)
            for (target in settings.targets) out.u8(target.kind.ordinal + 1).text(target.value)
            return out.bytes()
        }

        private fun readSettings(input: ByteBuffer): Settings {
            val id = input.u16()
            sense(id < DeviceRecord.FEATURES_MAX)
            val template = sensible(Template.values().getOrNull(input.u8()))
            val flags = input.u8()
            val start = sensible(Rung.unpack(input.u16()))
            val ceiling = sensible(Rung.unpack(input.u16()))
            val windowStart = input.u16()
            sense(windowStart < Bucket.COUNT)
            val parents = input.u64()
            val name = input.text()
            sense(name.isNotEmpty())
            val salt = input.text()
            val count = input.u8()
            sense(count <= Settings.TARGETS_MAX)
            val targets = List(count) {
                Target(sensible(TargetKind.values().getOrNull(input.u8() - 1)), input.text())
            }
            return Settings(
                id, name, salt, template, start, ceiling, windowStart,
                flags and CRITICAL != 0, flags and BAD != 0, parents, targets,
            )
        }

        private fun standing(feature: FeatureRecord): ByteArray {
            val flags = (if (feature.frozen) FROZEN else 0) or (if (feature.probing) PROBING else 0)
            val out = Fields()
                .u16(feature.settings.id)
                .u16(feature.granted.packed()).rung(feature.overlay).rung(feature.cap?.rung)
                .u64(feature.cap?.build ?: 0u)
                .u8(feature.killed).u8(feature.streak).u8(flags)
                .u64(feature.probationUntil).u64(feature.trippedUntil)
                .recent(feature.crashes).recent(feature.opens).recent(feature.demotions)
                .u8(feature.quarantines.size)
            for (quarantine in feature.quarantines) out.u64(quarantine.build).u64(quarantine.age)
            return out.bytes()
        }

        private fun readStanding(input: ByteBuffer, feature: FeatureRecord): FeatureRecord {
            sense(input.u16() == feature.settings.id)
            val granted = sensible(Rung.unpack(input.u16()))
            val overlay = input.rung()
            val cap = input.rung()
            val capBuild = input.u64()
            val killed = input.u8()
            val streak = input.u8()
            val flags = input.u8()
            return FeatureRecord(
                settings = feature.settings,
                granted = granted,
                overlay = overlay,
                cap = cap?.let { Cap(it, capBuild) },
                killed = killed,
                streak = streak,
                probationUntil = input.u64(),
                trippedUntil = input.u64(),
                crashes = input.recent(),
                opens = input.recent(),
                demotions = input.recent(),
                frozen = flags and FROZEN != 0,
                probing = flags and PROBING != 0,
                quarantines = input.u8().let { count ->
                    sense(count <= FeatureRecord.QUARANTINES_MAX)
                    List(count) { Quarantine(input.u64(), input.u64()) }
                },
            )
        }

        private fun Fields.rung(rung: Rung?): Fields = u16(rung?.packed() ?: NO_RUNG)

        private fun Fields.recent(recent: Recent): Fields {
            u8(recent.ages.size)
            recent.ages.forEach(::u64)
            return this
        }

        private fun ByteBuffer.rung(): Rung? {
            val packed = u16()
            return if (packed == NO_RUNG) null else sensible(Rung.unpack(packed))
        }

        private fun ByteBuffer.recent(): Recent {
            val count = u8()
            sense(count <= Recent.MAX)
            return Recent(List(count) { u64() })
        }

        private fun ByteBuffer.text(): String {
            val bytes = take(u8())
            sense(bytes.remaining() <= Settings.TEXT_BYTES_MAX)
            return Charsets.UTF_8.newDecoder().decode(bytes).toString()
        }
    }
}

/** Bytes that make no sense as a payload. Without a stack trace: damaged files are expected. */
private class Nonsense : Exception(null, null, false, false)

private fun sense(holds: Boolean) {
    if (!holds) throw Nonsense()
}

private fun <T : Any> sensible(value: T?): T = value ?: throw Nonsense()
