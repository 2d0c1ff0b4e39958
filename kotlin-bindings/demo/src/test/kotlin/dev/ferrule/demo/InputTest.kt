package dev.ferrule.demo

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

/** What the program does with the files that it is given, good and bad. */
class InputTest {
    @TempDir
    lateinit var folder: Path

    @BeforeEach
    fun library() = DemoRun.requireLibrary()

    private fun write(name: String, text: String): Path = write(name, text.toByteArray())

    private fun write(name: String, bytes: ByteArray): Path {
        val path = folder.resolve(name)
        Files.createDirectories(path.parent)
        return Files.write(path, bytes)
    }

    private fun props(vararg paths: Path): DemoRun =
        DemoRun.of(folder, *paths.flatMap { listOf("--props", "$it") }.toTypedArray())

    private fun assertUnreadable(run: DemoRun, vararg named: String) {
        assertEquals(2, run.code, run.out)
        for (name in named) assertTrue(name in run.err, run.err)
        assertEquals("", run.out, "nothing half done")
    }

    @Test
    fun `a missing file is named`() = assertUnreadable(props(folder.resolve("no.prop")), "no.prop: no such file or folder")

    @Test
    fun `every unreadable input is named, not only the first`() {
        val run = props(folder.resolve("one.prop"), write("good.prop", "ro.a=1"), folder.resolve("two.prop"))
        assertUnreadable(run, "one.prop", "two.prop")
        assertEquals(2, run.err.trim().lines().size)
    }

    @Test
    fun `an empty folder is named`() =
        assertUnreadable(props(Files.createDirectory(folder.resolve("empty"))), "empty: the folder is empty")

    @Test
    fun `a folder without property files is named`() {
        write("notes/readme.txt", "hello")
        assertUnreadable(props(folder.resolve("notes")), "notes: no file in this folder ends in .prop")
    }

    @Test
    fun `a file that may not be read is named`() {
        val path = write("secret.prop", "ro.a=1")
        path.toFile().setReadable(false)
        val run = props(path)
        // The superuser may read everything.
        if (Files.isReadable(path)) assertEquals(0, run.code) else assertUnreadable(run, "secret.prop: permission denied")
    }

    @Test
    fun `a link that leads in circles is named with the system's words`() {
        val link = Files.createSymbolicLink(folder.resolve("loop.prop"), folder.resolve("loop.prop"))
        assertUnreadable(props(link), "loop.prop: ", "symbolic links")
    }

    @Test
    fun `a description that makes no sense is named with its line`() {
        write("phone/system.prop", "ro.a=1")
        for ((text, told) in listOf(
            "device.ram_gib=lots" to "device.ram_gib=lots is not a number from 1 to 1024",
            "probe.rustruntime.v5=maybe" to "is not present, absent or unknown",
            "colour=red" to "unknown key colour",
            "name=x\nnonsense" to "phone.properties:2: no key=value",
        )) {
            write("phone/phone.properties", text)
            assertUnreadable(props(folder.resolve("phone")), told)
        }
    }

    @Test
    fun `usage errors say what is wrong`() {
        for ((words, told) in listOf(
            listOf("--prop") to "unknown argument --prop",
            listOf("--props") to "--props needs a path",
            listOf("--out=") to "--out needs a path",
            listOf("file.prop") to "unknown argument file.prop",
        )) {
            assertUnreadable(DemoRun.of(folder, *words.toTypedArray()), told)
        }
    }

    @Test
    fun `help is an answer`() {
        val run = DemoRun.of(folder, "--help")
        assertEquals(0, run.code)
        assertTrue("Usage: cargo xtask demo" in run.out)
    }

    @Test
    fun `binary garbage is an answer with its ignored lines`() {
        val bytes = ByteArray(4_096) { (it * 31 + it / 7).toByte() } + "\n<b>&\u0000=x\n".toByteArray()
        val run = props(write("garbage.prop", bytes))
        assertEquals(0, run.code, run.err)
        assertTrue(Regex("""garbage\.prop: \d+ of \d+ lines make no sense""").containsMatchIn(run.out), run.out)
        PageCheck.check(Files.readString(folder.resolve("ferrule-demo.html")))
    }

    @Test
    fun `an empty file is an answer`() {
        val run = props(write("empty.prop", ""))
        assertEquals(0, run.code, run.err)
        assertTrue("other" in run.out)
    }

    @Test
    fun `partitions of one folder are merged in load order`() {
        write("dump/system/build.prop", "ro.build.version.incremental=OS3.0.8.0.WZZCNXM\nro.build.version.sdk=37")
        write("dump/mi_ext/etc/build.prop", "ro.mi.os.version.code=4\nro.build.version.incremental=OS4.0.8.0.XZZCNXM")
        val phone = PhoneSource.at(folder).single()
        assertEquals("dump", phone.name)
        assertEquals("OS4.0.8.0.XZZCNXM", phone.properties["ro.build.version.incremental"])
        assertEquals(0, props(folder.resolve("dump")).code)
    }

    @Test
    fun `a folder of files is as many phones`() {
        write("many/a.prop", "ro.build.version.sdk=33")
        write("many/b.prop", "[ro.build.version.sdk]: [34]")
        write("many/list.csv", "not,a,phone")
        assertEquals(listOf("a.prop", "b.prop"), PhoneSource.at(folder.resolve("many")).map { it.name })
    }

    @Test
    fun `names and values with markup stay text`() {
        write("x/system.prop", "ro.build.version.incremental=<script>alert(1)</script>\nro.build.version.sdk=\"&'")
        write("x/phone.properties", "name=<b>&\"bold\"</b>\nabout=]]><!--")
        val run = props(folder.resolve("x"))
        assertEquals(0, run.code, run.err)
        val page = Files.readString(folder.resolve("ferrule-demo.html"))
        PageCheck.check(page)
        assertTrue("&lt;b&gt;&amp;&quot;bold&quot;" in page)
    }

    @Test
    fun `a page that cannot be written is told after the report, with the cause`() {
        val file = Files.writeString(folder.resolve("file"), "")
        for ((out, cause) in listOf(
            "$folder/none/page.html" to "no such file or folder",
            "$folder" to "Is a directory",
            "$file/page.html" to "Not a directory",
        )) {
            val run = DemoRun.of(folder, "--out", out)
            assertEquals(2, run.code)
            assertEquals("ferrule demo: cannot write $out: $cause", run.err.trim())
            assertTrue("DEVICE" in run.out)
        }
    }
}
