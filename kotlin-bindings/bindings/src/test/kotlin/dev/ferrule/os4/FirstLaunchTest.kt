package dev.ferrule.os4

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** The first launch on OS4, from Kotlin down to the files. */
class FirstLaunchTest {
    @TempDir
    lateinit var folder: File
    private val seen = ArrayList<String>()

    @BeforeEach
    fun onOs4() = run(Samples.os4)

    private fun run(properties: Map<String, String>) = OsCompat.configure(PropertySource.of(properties), Samples.facts)

    private fun start(
        user: LauncherUser = LauncherUser.full(0),
        unlocked: Boolean = true,
        shown: Boolean = true,
    ): FirstLaunchOutcome = OsCompat.firstLaunchOnOS4(folder, user, unlocked, "made-up build") {
        seen += it.toString()
        shown
    }

    @Test
    fun aNewUserSeesItOnce() {
        assertEquals(FirstLaunchResult.SHOWN, start().result)
        val again = start()
        assertEquals(FirstLaunchResult.NOTHING, again.result)
        assertEquals("FL_ALREADY_DONE", again.reasons.single().code)
        assertEquals(listOf("FRESH, attempt 1"), seen)
    }

    @Test
    fun anUpgradeNamesWhereItCameFrom() {
        run(Samples.os4 + mapOf(
            "ro.mi.os.version.code" to "3",
            "ro.mi.os.version.name" to "OS3.0",
            "ro.build.version.incremental" to "OS3.0.5.0.WZZCNXM",
            "ro.build.version.sdk" to "36",
        ))
        assertEquals(FirstLaunchResult.NOTHING, start().result)
        run(Samples.os4)
        start()
        assertEquals(listOf("UPGRADE from 3, attempt 1"), seen)
    }

    @Test
    fun whatIsNotShownComesThreeTimes() {
        repeat(5) { start(shown = false) }
        assertEquals((1..3).map { "FRESH, attempt $it" }, seen)
    }

    @Test
    fun aConsumerThatThrowsIsHeardAndGetsItAgain() {
        assertThrows(IllegalStateException::class.java) {
            OsCompat.firstLaunchOnOS4(folder, LauncherUser.full(0), true, "b") { error("of the consumer") }
        }
        assertEquals(2, start().delivery?.attempt)
    }

    @Test
    fun guestsLockedUsersAndSpoofsSeeNothingAndLeaveNoRecord() {
        assertEquals(FirstLaunchResult.SUPPRESSED_EPHEMERAL, start(LauncherUser.ephemeral(10)).result)
        assertEquals(FirstLaunchResult.NOT_READY, start(unlocked = false).result)
        assertEquals(emptyList<File>(), folder.listFiles()?.toList())
        run(Samples.spoofed)
        assertEquals("FL_UNTRUSTED", start().reasons.last().code)
        assertTrue(seen.isEmpty())
    }

    @Test
    fun whileItIsShownAnotherStartSeesNothing() {
        var second: FirstLaunchOutcome? = null
        OsCompat.firstLaunchOnOS4(folder, LauncherUser.full(0), true, "b") {
            second = start()
            true
        }
        assertEquals("FL_HELD_ELSEWHERE", second?.reasons?.single()?.code)
    }

    @Test
    fun aFolderThatIsNotThereShowsNothingAndSaysWhy() {
        val outcome = OsCompat.firstLaunchOnOS4(File(folder, "none"), LauncherUser.full(0), true, "b") { true }
        assertEquals(FirstLaunchResult.NOTHING, outcome.result)
        assertEquals("FL_READ_FAILED", outcome.reasons.single().code)
    }

    @Test
    fun textsWithHalfASurrogatePairAreTaken() {
        val odd = File(folder, "odd\uD83D").apply { mkdirs() }
        val outcome = OsCompat.firstLaunchOnOS4(odd, LauncherUser.full(0), true, "build \uDCF1") { true }
        assertEquals(FirstLaunchResult.SHOWN, outcome.result)
    }

    @Test
    fun damagedRecordsNeverRepeatIt() {
        start()
        File(folder, "first_launch.slots").writeBytes(ByteArray(100))
        assertEquals(FirstLaunchResult.RECOVERED, start().result)
        assertEquals(FirstLaunchResult.NOTHING, start().result)
        assertEquals(1, seen.size)
    }
}
