package dev.ferrule.bindings

import dev.ferrule.crashtest.CrashTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.File

/** What needs a JVM of its own: crashes, a class path without JNA, the VM's own checks of our JNI calls. */
class ChildJvmTest {
    @TempDir
    lateinit var folder: File

    @ParameterizedTest
    @ValueSource(strings = ["panic", "abort", "fault", "overflow"])
    fun theCrashtestLibraryEndsItsProcess(how: String) {
        val result = ChildJvm.run(
            CrashTest::class.java.name, how,
            jvm = listOf("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=$folder/hs_err.log", "-Xss1m"),
        )
        assertTrue("loaded, ping 42" in result.output, result.output)
        assertFalse("survived" in result.output, result.output)
        assertNotEquals(0, result.exit)
    }

    @Test
    fun everythingHandWrittenWorksWithoutJna() {
        val result = ChildJvm.run(
            "dev.ferrule.bindings.WithoutJnaKt",
            classPath = ChildJvm.classPathWithout("jna", "kotlinx-coroutines"),
        )
        assertEquals(0, result.exit, result.output)
        assertTrue(result.output.endsWith("done\n"), result.output)
    }

    @Test
    fun theVmFindsNothingToSayAboutOurJniCalls() {
        val result = ChildJvm.run("dev.ferrule.bindings.EveryEntryKt", jvm = listOf("-Xcheck:jni"))
        assertEquals(0, result.exit, result.output)
        assertTrue(result.output.endsWith("done\n"), result.output)
        val complaints = result.output.lines().filter { "WARNING" in it || "FATAL" in it }
        assertEquals(emptyList<String>(), complaints)
    }

    @Test
    fun theFirstAnswerLoadsFewClasses() {
        // Each costs a starting process a fifth of a millisecond, which is what the 5 ms go into. Found by name, as on a device.
        File(System.getProperty(NativeLibrary.FILE_PROPERTY)).copyTo(File(folder, System.mapLibraryName("ferrule")))
        val log = File(folder, "classes.txt")
        val result = ChildJvm.run(
            "dev.ferrule.bindings.FirstAnswerKt",
            jvm = listOf("-Xlog:class+load:file=$log:none", "-Djava.library.path=$folder", "-D${NativeLibrary.FILE_PROPERTY}="),
        )
        assertEquals("true\n", result.output)
        val loaded = log.readLines().map { it.substringBefore(' ') }
        val ours = loaded.drop(loaded.indexOf(FirstAnswerMarker::class.java.name) + 1)
        assertEquals(emptyList<String>(), ours.filter { it.startsWith("kotlin.") }, "of Kotlin's library")
        assertTrue(ours.count { it.startsWith("dev.ferrule.") } in 1..10, ours.toString())
    }

    @Test
    fun theProcessEndsByItself() {
        // Native threads that logged and are gone must not keep the VM waiting for them.
        val result = ChildJvm.run("dev.ferrule.bindings.EveryEntryKt")
        assertEquals(0, result.exit, result.output)
    }

    @Test
    fun tensOfThousandsOfObjectsLeaveNothingBehind() {
        // A heap that is resident from the start, so that what the process grows by is native memory.
        val heap = listOf("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC")
        val result = ChildJvm.run("dev.ferrule.bindings.ManyObjectsKt", jvm = heap)
        assertEquals(0, result.exit, result.output)
        assertTrue(result.output.endsWith("done\n"), result.output)
    }

    @Test
    fun tenThousandModelsLeaveNothingBehind() {
        val heap = listOf("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC")
        val result = ChildJvm.run("dev.ferrule.bindings.ManyModelsKt", jvm = heap)
        assertEquals(0, result.exit, result.output)
        assertTrue(result.output.endsWith("done\n"), result.output)
    }

    @Test
    fun tenThousandIconCachesLeaveNothingBehind() {
        val heap = listOf("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC")
        val result = ChildJvm.run("dev.ferrule.bindings.ManyIconsKt", jvm = heap)
        assertEquals(0, result.exit, result.output)
        assertTrue(result.output.endsWith("done\n"), result.output)
    }

    @Test
    fun withoutANamedFileTheSystemFindsTheLibraryByName() {
        val named = File(folder, System.mapLibraryName("ferrule"))
        File(System.getProperty(NativeLibrary.FILE_PROPERTY)).copyTo(named)
        for ((path, expected) in listOf(folder.path to "loaded from $named\nJNA too\n", "/nowhere" to "FFI_LIBRARY_MISSING")) {
            val result = ChildJvm.run(
                "dev.ferrule.bindings.PrintStateKt",
                jvm = listOf("-Djava.library.path=$path", "-D${NativeLibrary.FILE_PROPERTY}="),
            )
            assertTrue(result.output.startsWith(expected), result.output)
        }
    }
}
