package dev.ferrule.android.dump

import android.app.Application
import android.content.pm.PackageInfo
import android.content.pm.PermissionInfo
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.os.Process
import android.os.ResultReceiver
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.rollout.DeviceSafeguard
import dev.ferrule.guard.command.CommandResult
import dev.ferrule.launcher.LauncherModel
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowBinder
import java.io.File
import java.io.FileDescriptor
import java.io.FileOutputStream
import java.io.PrintWriter
import java.io.StringWriter

/** What the dump service says, and to whom. */
@Config(sdk = [28, 33, 34, 35])
class DumpTest : OnAndroid() {
    private val echo = CommandSource { CommandResult("asked ${it.joinToString(" ")}\n", 3) }

    private class Open(private val binder: DumpBinder) {
        fun dump(vararg words: String): String {
            val file = File.createTempFile("dump", ".txt")
            try {
                FileOutputStream(file).use { binder.dump(it.fd, arrayOf(*words)) }
                return file.readText()
            } finally {
                file.delete()
            }
        }
    }

    @After
    fun caller() {
        ShadowBinder.setCallingUid(Process.myUid())
        ShadowBinder.setCallingPid(Process.myPid())
    }

    private fun asked(uid: Int, block: () -> String): String {
        ShadowBinder.setCallingUid(uid)
        ShadowBinder.setCallingPid(STRANGER)
        return block()
    }

    @Test
    fun `root, the shell and this process are answered`() {
        val open = Open(DumpBinder(app, echo))
        for (uid in listOf(Process.ROOT_UID, Process.SHELL_UID, Process.myUid())) {
            assertEquals("asked why a.b\n", asked(uid) { open.dump("why", "a.b") })
        }
    }

    private fun declare(name: String, declaring: String) = shadowOf(app.packageManager).addPermissionInfo(
        PermissionInfo().apply {
            this.name = name
            packageName = declaring
            protectionLevel = PermissionInfo.PROTECTION_SIGNATURE
        },
    )

    @Test
    fun `a stranger is refused with a SecurityException and told nothing, until it holds the permission`() {
        val open = Open(DumpBinder(app, echo))
        val permission = "${app.packageName}.permission.FERRULE_DUMP"
        assertEquals(permission, Callers.permissionOf(app))
        declare(permission, app.packageName)
        val thrown = assertThrows(SecurityException::class.java) { asked(STRANGER) { open.dump("status") } }
        assertTrue(thrown.message.orEmpty(), permission in thrown.message.orEmpty())
        shadowOf(app as Application).grantPermissions(STRANGER, STRANGER, permission)
        assertEquals("asked status\n", asked(STRANGER) { open.dump("status") })
    }

    @Test
    fun `a permission that nobody declares, or somebody else, lets nobody in`() {
        val open = Open(DumpBinder(app, echo))
        val permission = Callers.permissionOf(app)
        shadowOf(app as Application).grantPermissions(STRANGER, STRANGER, permission)
        assertThrows(SecurityException::class.java) { asked(STRANGER) { open.dump("status") } }
        shadowOf(app.packageManager).installPackage(PackageInfo().apply { packageName = "com.squatter" })
        declare(permission, "com.squatter")
        assertThrows(SecurityException::class.java) { asked(STRANGER) { open.dump("status") } }
    }

    @Test
    fun `a service that names its own permission asks for that`() {
        val open = Open(DumpBinder(app, echo, Callers(app, "com.rom.permission.DUMP")))
        val thrown = assertThrows(SecurityException::class.java) { asked(STRANGER) { open.dump("status") } }
        assertTrue(thrown.message.orEmpty(), thrown.message.orEmpty().endsWith("com.rom.permission.DUMP"))
    }

    /** The manifest's name, after the app's build has put the app's own into it, is the one that callers are asked for. */
    @Test
    fun `the archive's manifest declares the permission that is asked for`() {
        val manifest = File("src/main/AndroidManifest.xml").readText().replace("\${applicationId}", app.packageName)
        assertTrue(manifest, "android:name=\"${Callers.permissionOf(app)}\"" in manifest)
    }

    @Test
    fun `the shell's exit code is the command's, and a stranger's shell gets none`() {
        var exit = -1
        val result = object : ResultReceiver(Handler(Looper.getMainLooper())) {
            override fun onReceiveResult(code: Int, data: Bundle?) {
                exit = code
            }
        }
        val binder = DumpBinder(app, echo)
        val file = File(folder, "out.txt")
        FileOutputStream(file).use { out ->
            assertThrows(SecurityException::class.java) {
                asked(STRANGER) { "" + binder.onShellCommand(null, out.fd, null, arrayOf("status"), null, result) }
            }
            asked(Process.SHELL_UID) { "" + binder.onShellCommand(null, out.fd, null, arrayOf("rollout"), null, result) }
        }
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(3, exit)
        assertEquals("asked rollout\n", file.readText())
    }

    class Service : DumpService() {
        override fun commands() = CommandSource { CommandResult("asked ${it.joinToString(" ")}\n", 0) }
    }

    class Provider : ReportProvider() {
        override fun report() = "{\"kind\":\"guard\"}\n"
    }

    /** As `ActivityThread` does for `dumpsys activity service`: outside of a transaction, where the caller is this process. */
    private fun dumped(service: Service, vararg words: String): String {
        val said = StringWriter()
        val dump = DumpService::class.java.getDeclaredMethod(
            "dump", FileDescriptor::class.java, PrintWriter::class.java, Array<String>::class.java,
        ).apply { isAccessible = true }
        dump.invoke(service, null, PrintWriter(said), arrayOf(*words))
        return said.toString()
    }

    @Test
    fun `a service's dump only reads, whoever asks, and its binder does what its callers may`() {
        val service = Robolectric.buildService(Service::class.java).create().get()
        for (words in READING) assertEquals("asked $words\n", dumped(service, *words.split(" ").filter { it != "" }.toTypedArray()))
        for (words in CHANGING) {
            val said = dumped(service, *words.split(" ").toTypedArray())
            assertTrue("$words: $said", "asked" !in said && "not for a dump" in said)
        }
        val bound = Open(service.onBind(null) as DumpBinder)
        assertThrows(SecurityException::class.java) { asked(STRANGER) { bound.dump("set", "launcher.model", "off") } }
        assertEquals("asked set launcher.model off\n", asked(Process.SHELL_UID) { bound.dump("set", "launcher.model", "off") })
    }

    @Test
    fun `a provider asks who its callers are`() {
        val provider = Robolectric.buildContentProvider(Provider::class.java).create("dev.ferrule.report").get()
        val uri = android.net.Uri.parse("content://dev.ferrule.report/report")
        assertThrows(SecurityException::class.java) { asked(STRANGER) { provider.openFile(uri, "r").toString() } }
        ShadowBinder.setCallingUid(Process.SHELL_UID)
        assertThrows(java.io.FileNotFoundException::class.java) { provider.openFile(uri, "rw") }
    }

    /** Every command of the guard is named as one that reads or one that changes. */
    @Test
    fun `no command is forgotten`() {
        val safeguard = DeviceSafeguard.open(app)
        val help = FerruleCommands(FerruleCommands.of(safeguard)).answer(listOf("help")).text
        safeguard.close()
        val named = help.lines().mapNotNull { Regex("^ *([a-z]+)( |$)").find(it)?.groupValues?.get(1) }.toSet()
        val known = (READING + CHANGING).map { it.removePrefix("rollout").trim().substringBefore(" ") }.toSet()
        assertEquals("$help", emptySet<String>(), named - known)
        assertTrue(help, named.size > 5)
    }

    @Test
    fun `the guard answers without any library, and the model explains`() {
        val safeguard = DeviceSafeguard.open(app)
        val legacy = Homes.create(File(folder, "launcher.db"))
        legacy.app(1)
        legacy.app(2)
        LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW).use { model ->
            model.importRows(Homes.NOW, SqliteRowSource(legacy))
            model.load(Homes.phone(1..1), Homes.NOW, flags = Homes.plain)
            val commands = FerruleCommands(FerruleCommands.of(safeguard), model = { model.control })
            fun text(vararg words: String) = commands.answer(words.toList()).text
            assertTrue(text(), text().isNotEmpty())
            assertTrue(text(), text().startsWith("ferrule rollout"))
            assertEquals("there is no such feature yet", CommandResult.USAGE, commands.answer(listOf("why", "launcher.model")).exit)
            assertTrue(text("help"), "explain [ID]" in text("help") && "why" in text("help"))
            assertTrue(text("explain"), text("explain").startsWith("item 2 held LM_") && text("explain").endsWith("1 items to explain\n"))
            assertTrue(text("explain", "2"), text("explain", "2").startsWith("item 2 held LM_HELD_INSTEAD_OF_DELETED"))
            assertTrue("no label in a dump", "App" !in text("explain", "2"))
            assertEquals(CommandResult.USAGE, commands.answer(listOf("explain", "x")).exit)
            assertEquals(CommandResult.USAGE, commands.answer(listOf("nonsense")).exit)
            assertEquals(CommandResult.ATTENTION, commands.answer(listOf("icons")).exit)
        }
        legacy.close()
        safeguard.close()
    }

    private companion object {
        const val STRANGER = 10_777
        val READING = listOf("", "status", "status --json", "why a.b", "audit", "export", "help", "explain 2", "icons", "rollout", "rollout why a")
        val CHANGING = listOf(
            "set a.b live", "clear a.b --yes", "kill", "unkill all", "drill a.b", "rollout set a.b live", "rollout rollout set a.b live", "other",
        )
    }
}
