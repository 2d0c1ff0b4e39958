package dev.ferrule.guard.state

import dev.ferrule.guard.Stage
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import kotlin.random.Random

/** The two slots: after a crash at any instant the last acknowledged state, or the one being written (RO-I5, R43–R45). */
class StateFileTest {
    @TempDir
    lateinit var directory: File

    private val file get() = File(directory, StateFile.NAME)

    private fun full(seed: Int): DeviceRecord {
        val random = Random(seed)
        fun number() = random.nextLong().toULong()
        fun recent() = Recent(List(random.nextInt(Recent.MAX + 1)) { number() })
        fun rung() = listOf(Rung.OFF, Rung.SHADOW, Rung.EVERYBODY, Rung(Stage.CANARY, 10), Rung(Stage.LIVE, 0)).random(random)
        return DeviceRecord(
            boot = number(), bootTime = number(), unit = "00112233445566778899aabbccddeeff", age = number(), build = number(),
            generation = number(), safeMode = if (random.nextBoolean()) number() else null, lost = random.nextBoolean(),
            killed = random.nextInt(256), deaths = recent(),
            features = List(random.nextInt(4)) { id ->
                val settings = Settings(
                    2 * id, "feature.$id", "соль$id", Template.values().random(random), rung(), rung(), random.nextInt(1000),
                    random.nextBoolean(), random.nextBoolean(), number(),
                    List(random.nextInt(3)) { Target(TargetKind.values().random(random), "v$it") },
                )
                FeatureRecord(
                    settings, rung(), if (random.nextBoolean()) rung() else null,
                    if (random.nextBoolean()) Cap(rung(), number()) else null, random.nextInt(256), random.nextInt(256),
                    recent(), number(), number(), random.nextBoolean(), recent(), recent(), random.nextBoolean(),
                    List(random.nextInt(FeatureRecord.QUARANTINES_MAX + 1)) { Quarantine(number(), number()) },
                )
            },
        )
    }

    private fun load(): DeviceRecord? = (StateFile.load(directory)?.first as? Slots.Content.State)?.payload?.record

    @Test
    fun `what is written is read`() {
        StateFile.open(directory)!!.use { state ->
            assertEquals(StateFile.Found.NOTHING, state.found)
            for (seed in 0 until 50) {
                state.write(full(seed))
                assertEquals(full(seed), load())
            }
        }
        StateFile.open(directory)!!.use { assertEquals(full(49), it.record) }
    }

    @Test
    fun `a write that was torn anywhere leaves one of the two states`() {
        val (first, second, third) = Triple(full(1), full(2), full(3))
        StateFile.open(directory)!!.use { state ->
            state.write(first)
            state.write(second)
            val before = file.readBytes()
            state.write(third)
            val after = file.readBytes()
            val changed = before.indices.filter { before[it] != after[it] }
            for (cut in changed) {
                val forward = before.clone().also { after.copyInto(it, 0, 0, cut) }
                val backward = before.clone().also { after.copyInto(it, cut + 1, cut + 1) }
                for (torn in listOf(forward, backward)) {
                    val read = (Slots.read(torn).first as Slots.Content.State).payload.record
                    assertEquals(second, read, "torn at $cut")
                }
            }
            assertEquals(third, load())
        }
    }

    @Test
    fun `every flipped byte of the newest slot brings back the one before`() {
        val (first, second) = full(4) to full(5)
        StateFile.open(directory)!!.use { state ->
            state.write(first)
            state.write(second)
        }
        val whole = file.readBytes()
        val end = Slots.SLOT_BYTES + Slots.encode(Payload(second), 2u)!!.size
        for (at in Slots.SLOT_BYTES until end) {
            val damaged = whole.clone().also { it[at] = (it[at].toInt() xor 1).toByte() }
            val content = Slots.read(damaged).first
            assertEquals(first, (content as Slots.Content.State).payload.record, "byte $at")
        }
    }

    @Test
    fun `without a whole slot the state is lost, and the next write makes one`() {
        for (bytes in listOf(ByteArray(0), ByteArray(100), ByteArray(Slots.FILE_BYTES), ByteArray(70_000) { 0x55 })) {
            file.writeBytes(bytes)
            StateFile.open(directory)!!.use { state ->
                assertEquals(StateFile.Found.LOST, state.found)
                assertNull(state.record)
                state.write(full(6))
            }
            assertEquals(full(6), load())
        }
    }

    @Test
    fun `a file for a newer reader is left alone`() {
        val newer = Slots.encodeFile(Payload(full(7)))!!
        newer[6] = 2
        val length = Slots.encode(Payload(full(7)), 1u)!!.size - 4
        Fields().u32(Crc32c.of(newer, length)).bytes().copyInto(newer, length)
        file.writeBytes(newer)
        StateFile.open(directory)!!.use { state ->
            assertEquals(StateFile.Found.TOO_NEW, state.found)
            assertThrows(IOException::class.java) { state.write(full(8)) }
        }
        assertArrayEquals(newer, file.readBytes())
    }

    @Test
    fun `what a later version wrote is kept`() {
        val body = Payload(full(9)).encode()
        val device = Fields().u16(1).bytes()
        assertArrayEquals(device, body.copyOf(2))
        val size = (body[2].toInt() and 0xff) or (body[3].toInt() and 0xff shl 8)
        val longer = Fields().u16(1).u16(size + 3).raw(body.copyOfRange(4, 4 + size)).raw(byteArrayOf(7, 8, 9))
            .raw(body.copyOfRange(4 + size, body.size)).u16(900).u16(2).raw(byteArrayOf(1, 2)).bytes()
        val read = Payload.decode(longer)!!
        assertEquals(full(9).copy(boot = 0u, bootTime = 0u), read.record)
        assertArrayEquals(longer, read.with(read.record).encode())
    }

    @Test
    fun `no bytes make the reader throw`() {
        val random = Random(20261130)
        val body = Payload(full(10)).encode()
        for (length in body.indices) Payload.decode(body.copyOf(length))
        repeat(20_000) {
            val damaged = body.clone()
            repeat(random.nextInt(1, 4)) { damaged[random.nextInt(damaged.size)] = random.nextInt().toByte() }
            Payload.decode(damaged)?.encode()
        }
    }

    @Test
    fun `one guard writes at a time`() {
        StateFile.open(directory)!!.use {
            assertNull(StateFile.open(directory))
            assertNull(StateFile.open(directory), "and asking does not drop the lock")
        }
        StateFile.open(directory).use { assertNotNull(it) }
    }

    @Test
    fun `a disk that refuses is an error, and the state before counts`() {
        StateFile.open(directory)!!.use { state ->
            state.write(full(11))
            state.write(full(12))
            file.delete()
            assertTrue(file.mkdir())
            assertThrows(IOException::class.java) { state.write(full(13)) }
        }
    }

    @Test
    fun `too many features do not fit and change nothing`() {
        val long = List(DeviceRecord.FEATURES_MAX) { id ->
            val targets = List(Settings.TARGETS_MAX) { Target(TargetKind.MODEL, "m".repeat(Settings.TEXT_BYTES_MAX)) }
            FeatureRecord(
                Settings(id, "f$id", "s", Template.PURE, Rung.OFF, Rung.OFF, 0, false, false, 0u, targets),
            )
        }
        StateFile.open(directory)!!.use { state ->
            state.write(full(14))
            assertThrows(IOException::class.java) { state.write(DeviceRecord(features = long)) }
            RandomAccessFile(file, "r").use { assertEquals(Slots.FILE_BYTES.toLong(), it.length()) }
            assertEquals(full(14), load())
        }
    }
}
