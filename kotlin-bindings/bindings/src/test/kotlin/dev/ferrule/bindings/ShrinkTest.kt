package dev.ferrule.bindings

import dev.ferrule.guard.Rollout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledIfSystemProperty
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.jar.JarFile
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream

/**
 * The rules that the jars bring for an app's shrinker, under R8 itself (ffi 5.20): they keep what native code, JNA and
 * [Rollout.wrap] find by name, and, in the night, none of them is there for nothing.
 */
class ShrinkTest {
    @TempDir
    lateinit var folder: File

    private val rules = listOf("ferrule.pro", "ferrule-guard.pro").flatMap { name ->
        javaClass.getResource("/META-INF/proguard/$name")!!.readText().lines().filter { it.isNotBlank() && !it.startsWith("#") }
    }

    @Test
    fun aShrunkAppWorks() {
        val app = shrunk(rules)
        assertEquals(0, app.r8.exit, app.r8.output)
        val names = JarFile(app.jar).use { jar -> jar.entries().asSequence().map { it.name }.toSet() }
        assertTrue("dev/ferrule/bindings/NativeBridge.class" in names, "native methods keep their class")
        assertTrue("dev/ferrule/guard/Rollout.class" !in names, "what nobody needs or finds by name is gone or renamed")
        assertEquals(ANSWERS, app.run().output)
    }

    @Test
    @EnabledIfSystemProperty(named = "ferrule.rules", matches = "each")
    fun noRuleIsThereForNothing() {
        val needed = rules.filterNot { it in OF_ANDROID_ONLY }
        val attributes = needed.filter { it.startsWith(ATTRIBUTES) }.flatMap { it.removePrefix(ATTRIBUTES).split(',') }
        val idle = needed.filterNot { it.startsWith(ATTRIBUTES) }.filter { works(rules - it) } +
            // Each jar names what it needs itself, so an attribute has to go from both.
            attributes.toSet().filter { gone -> works(rules.mapNotNull { without(it, gone) }) }
        assertEquals(emptyList<String>(), idle)
    }

    private fun works(rules: List<String>): Boolean {
        val app = shrunk(rules)
        return app.r8.exit == 0 && app.run().output == ANSWERS
    }

    /** A rule without an attribute; null if nothing is left of it. */
    private fun without(rule: String, attribute: String): String? {
        if (!rule.startsWith(ATTRIBUTES)) return rule
        val left = rule.removePrefix(ATTRIBUTES).split(',') - attribute
        return if (left.isEmpty()) null else ATTRIBUTES + left.joinToString(",")
    }

    private inner class ShrunkApp(val r8: ChildResult, val jar: File) {
        fun run(): ChildResult {
            val kotlin = ChildJvm.classPath.filter { File(it).name.startsWith("kotlin-stdlib") }
            return ChildJvm.run(MAIN, folder.path, classPath = listOf(jar.path) + kotlin)
        }
    }

    private fun shrunk(rules: List<String>): ShrunkApp {
        folder.listFiles()!!.forEach { it.deleteRecursively() }
        val jar = File(folder, "app.jar")
        // One short run: compiling R8 itself any further would cost twice what it saves.
        val quick = listOf("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        return ShrunkApp(ChildJvm.run("com.android.tools.r8.R8", *arguments(jar, rules), jvm = quick), jar)
    }

    /** Our classes, JNA and the app go in; what Android or the app has anyway is only looked at. Class files come out, which a JVM can run. */
    private fun arguments(app: File, consumer: List<String>): Array<String> {
        val (ours, others) = ChildJvm.classPath.partition { NativeLibrary::class.java.isIn(it) || Rollout::class.java.isIn(it) }
        val tests = others.first { ShrinkTest::class.java.isIn(it) }
        val program = ours.mapIndexed { at, place -> packed(place, "ours$at.jar") { true } } +
            packed(tests, "tests.jar") { it.startsWith("dev/ferrule/bindings/Shrunk") } +
            others.single { File(it).name.startsWith("jna-") }
        val looked = others.filter { File(it).name.startsWith("kotlin-stdlib") }.flatMap { listOf("--classpath", it) }
        val own = File(folder, "app.pro")
        own.writeText("-keep class $MAIN { public static void main(java.lang.String[]); }\n-dontwarn org.jetbrains.annotations.**\n")
        val rules = File(folder, "consumer.pro")
        rules.writeText(consumer.joinToString("\n"))
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
        const val ATTRIBUTES = "-keepattributes "
        const val ANSWERS = "OS4 true, logged true\nFFI_HANDLE_STALE\nSHOWN\nicon 'App' 1x1 from provider\n1\ncandidate\n"

        /** The JDK has AWT, so only on Android R8 misses it. */
        val OF_ANDROID_ONLY = setOf("-dontwarn java.awt.**")
    }
}
