package dev.ferrule.bindings

import dev.ferrule.guard.Rollout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.jar.JarFile
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream

/** The rules that the jar brings for an app's shrinker keep what native code and JNA find by name, under R8 itself (ffi 5.20). */
class ShrinkTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun aShrunkAppWorks() {
        val app = File(folder, "app.jar")
        // One short run: compiling R8 itself any further would cost twice what it saves.
        val quick = listOf("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        val shrunk = ChildJvm.run("com.android.tools.r8.R8", *arguments(app), jvm = quick)
        assertEquals(0, shrunk.exit, shrunk.output)
        val names = JarFile(app).use { jar -> jar.entries().asSequence().map { it.name }.toSet() }
        assertTrue("dev/ferrule/bindings/NativeBridge.class" in names, "native methods keep their class")
        assertTrue("dev/ferrule/guard/Rollout.class" !in names, "what nobody needs or finds by name is gone or renamed")
        val kotlin = ChildJvm.classPath.filter { File(it).name.startsWith("kotlin-stdlib") }
        val result = ChildJvm.run(MAIN, folder.path, classPath = listOf(app.path) + kotlin)
        assertEquals("OS4 true, logged true\nFFI_HANDLE_STALE\nSHOWN\nicon 'App' 1x1 from provider\n1\n", result.output)
        assertEquals(0, result.exit)
    }

    /** Our classes, JNA and the app go in; what Android or the app has anyway is only looked at. Class files come out, which a JVM can run. */
    private fun arguments(app: File): Array<String> {
        val (ours, others) = ChildJvm.classPath.partition { NativeLibrary::class.java.isIn(it) || Rollout::class.java.isIn(it) }
        val tests = others.first { ShrinkTest::class.java.isIn(it) }
        val program = ours.mapIndexed { at, place -> packed(place, "ours$at.jar") { true } } +
            packed(tests, "tests.jar") { it.startsWith("dev/ferrule/bindings/Shrunk") } +
            others.single { File(it).name.startsWith("jna-") }
        val looked = others.filter { File(it).name.startsWith("kotlin-stdlib") }.flatMap { listOf("--classpath", it) }
        val own = File(folder, "app.pro")
        own.writeText("-keep class $MAIN { public static void main(java.lang.String[]); }\n-dontwarn org.jetbrains.annotations.**\n")
        val rules = File(folder, "consumer.pro")
        rules.writeText(javaClass.getResource("/META-INF/proguard/ferrule.pro")!!.readText())
        return (
            listOf("--classfile", "--release", "--output", app.path, "--lib", System.getProperty("java.home")) + looked +
                listOf("--pg-conf", own.path, "--pg-conf", rules.path) + program
            ).toTypedArray()
    }

    /** A jar with the wanted classes of a folder, or the jar itself. */
    private fun packed(place: String, name: String, wanted: (String) -> Boolean): String {
        val root = File(place)
        if (root.isFile) return place
        val jar = File(folder, name)
        ZipOutputStream(jar.outputStream()).use { zip ->
            root.walkTopDown().filter { it.extension == "class" }.forEach { file ->
                val entry = file.relativeTo(root).invariantSeparatorsPath
                if (wanted(entry) && entry != "module-info.class") {
                    zip.putNextEntry(ZipEntry(entry))
                    zip.write(file.readBytes())
                }
            }
        }
        return jar.path
    }

    private fun Class<*>.isIn(place: String): Boolean = File(place).toURI().toURL() == protectionDomain.codeSource.location

    private companion object {
        const val MAIN = "dev.ferrule.bindings.ShrunkKt"
    }
}
