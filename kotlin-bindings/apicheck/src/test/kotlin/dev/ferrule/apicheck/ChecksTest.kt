package dev.ferrule.apicheck

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.lang.invoke.MethodHandles

/** The checks find what they are for: a check that never fails would pass every module. */
class ChecksTest {
    @TempDir
    lateinit var folder: File

    private fun classes(type: Class<*>): File = folder.also {
        val resource = type.name.replace('.', '/') + ".class"
        val target = File(it, resource).apply { parentFile.mkdirs() }
        target.writeBytes(checkNotNull(type.classLoader.getResourceAsStream(resource)).use { it.readBytes() })
    }

    @Test
    fun `something that Android got later is found`() {
        val found = AndroidApi.violations(classes(UsesVarHandle::class.java))
        assertTrue(found.any { "VarHandle" in it }, found.toString())
        assertThrows(AssertionError::class.java) { AndroidApi.check(folder) }
    }

    @Test
    fun `what Android has is not found`() {
        assertEquals(emptyList<String>(), AndroidApi.violations(classes(UsesAtomics::class.java)))
    }

    @Test
    fun `the dump holds what is public and nothing else`() {
        val dump = ApiDump.of(classes(UsesAtomics::class.java))
        assertTrue("public final fun next ()I" in dump, dump)
        assertTrue("hidden" !in dump, dump)
    }

    @Test
    fun `a change of the API is told with its line`() {
        val expected = File(folder, "module.api")
        expected.writeText(ApiDump.of(classes(UsesAtomics::class.java)))
        ApiDump.check(folder, expected, update = false)
        expected.writeText(expected.readText().replace("next", "previous"))
        val told = assertThrows(AssertionError::class.java) { ApiDump.check(folder, expected, update = false) }
        val message = told.message.orEmpty()
        assertTrue("module.api at line" in message && "1 lines gone, 1 new" in message, message)
        assertTrue("  - public final fun previous ()I" in message && "  + public final fun next ()I" in message, message)
        expected.delete()
        assertThrows(AssertionError::class.java) { ApiDump.check(folder, expected, update = false) }
    }

    class UsesVarHandle {
        fun handle(): Any = MethodHandles.arrayElementVarHandle(IntArray::class.java)
    }

    class UsesAtomics {
        private val count = java.util.concurrent.atomic.AtomicInteger()

        fun next(): Int = count.incrementAndGet()

        internal fun hidden(): Int = count.get()
    }
}
