package dev.ferrule.android.dump

import android.app.Application
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

    private class Open(context: android.content.Context, commands: CommandSource) {
        private val binder = DumpBinder(context, commands)

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
        val open = Open(app, echo)
        for (uid in listOf(Process.ROOT_UID, Process.SHELL_UID, Process.myUid())) {
            assertEquals("asked why a.b\n", asked(uid) { open.dump("why", "a.b") })
        }
    }

    @Test
    fun `a stranger is refused with a SecurityException and told nothing, until it holds the permission`() {
        val open = Open(app, echo)
        val thrown = assertThrows(SecurityException::class.java) { asked(STRANGER) { open.dump("status") } }
        assertTrue(thrown.message.orEmpty(), Callers.PERMISSION in thrown.message.orEmpty())
        shadowOf(app as Application).grantPermissions(STRANGER, STRANGER, Callers.PERMISSION)
        assertEquals("asked status\n", asked(STRANGER) { open.dump("status") })
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
        override fun commands() = CommandSource { CommandResult("service ${it.size}\n", 0) }
    }

    class Provider : ReportProvider() {
        override fun report() = "{\"kind\":\"guard\"}\n"
    }

    @Test
    fun `a service and a provider ask the same of their callers`() {
        val service = Robolectric.buildService(Service::class.java).create().get()
        val provider = Robolectric.buildContentProvider(Provider::class.java).create("dev.ferrule.report").get()
        val uri = android.net.Uri.parse("content://dev.ferrule.report/report")
        fun dumped() = StringWriter().also { service.javaClass.superclass.getDeclaredMethod(
            "dump", FileDescriptor::class.java, PrintWriter::class.java, Array<String>::class.java,
        ).apply { isAccessible = true }.invoke(service, null, PrintWriter(it), arrayOf("a")) }.toString()
        assertEquals("service 1\n", dumped())
        assertThrows(SecurityException::class.java) { asked(STRANGER) { provider.openFile(uri, "r").toString() } }
        assertThrows(java.lang.reflect.InvocationTargetException::class.java) { asked(STRANGER) { dumped() } }
        ShadowBinder.setCallingUid(Process.SHELL_UID)
        assertThrows(java.io.FileNotFoundException::class.java) { provider.openFile(uri, "rw") }
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
    }
}
