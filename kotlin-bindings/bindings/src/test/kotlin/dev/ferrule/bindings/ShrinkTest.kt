package dev.ferrule.bindings

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** The rules that the jar brings for an app's shrinker keep what native code and JNA find by name (ffi 5.20). */
class ShrinkTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun aShrunkAppWorks() {
        val jar = File(folder, "app.jar")
        val main = "dev.ferrule.bindings.ShrunkKt"
        val shrunk = ChildJvm.run("proguard.ProGuard", "@" + configuration(jar, main).path)
        assertEquals(0, shrunk.exit, shrunk.output)
        val kotlin = ChildJvm.classPath.filter { File(it).name.startsWith("kotlin-stdlib") }
        val result = ChildJvm.run(main, folder.path, classPath = listOf(jar.path) + kotlin)
        assertEquals("OS4 true, logged true\nFFI_HANDLE_STALE\nSHOWN\nicon 'App' 1x1 from provider\n1\n", result.output)
        assertEquals(0, result.exit)
    }

    /** Our classes and JNA go in; what Android or the app has anyway is only looked at. */
    private fun configuration(jar: File, main: String): File {
        val (ours, others) = ChildJvm.classPath.partition { NativeLibrary::class.java.isIn(it) || isGuard(it) }
        val tests = others.first { ShrinkTest::class.java.isIn(it) }
        val jna = others.single { File(it).name.startsWith("jna-") }
        val modules = File(System.getProperty("java.home"), "jmods")
        val lines = listOf("-injars '$tests'(dev/ferrule/bindings/Shrunk*.class)", "-injars '$jna'(!META-INF/**,!module-info.class)") +
            ours.map { "-injars '$it'(!META-INF/**)" } +
            listOf("java.base", "java.desktop", "java.logging").map {
                "-libraryjars '$modules/$it.jmod'(!**.jar;!module-info.class)"
            } +
            others.filter { File(it).name.startsWith("kotlin-stdlib") }.map { "-libraryjars '$it'(!META-INF/versions/**)" } +
            listOf(
                "-outjars '$jar'",
                "-keep class $main { public static void main(java.lang.String[]); }",
                "-include '${ours.map { File(it, "META-INF/proguard/ferrule.pro") }.single { it.isFile }}'",
                // Of Kotlin's compiler, for people.
                "-dontwarn org.jetbrains.annotations.**",
                "-dontnote **",
            )
        return File(folder, "app.pro").apply { writeText(lines.joinToString("\n")) }
    }

    private fun Class<*>.isIn(place: String): Boolean = File(place).toURI().toURL() == protectionDomain.codeSource.location

    private fun isGuard(place: String): Boolean = dev.ferrule.guard.Rollout::class.java.isIn(place)
}
