package dev.ferrule.bindings

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Modifier
import java.nio.ByteBuffer

/** Panics and errors of the shipped library arrive as typed exceptions (ffi 5.1 to 5.3). */
class ContainmentTest {
    @Test
    fun aPanicWithALiteralKeepsItsText() {
        val panic = assertThrows(NativePanicException::class.java) { NativeBridge.selfTest(1, 0) }
        assertEquals("FFI_PANIC", panic.code)
        assertEquals("self-test panic", panic.message)
        assertTrue(panic.context.contains("selftest.rs:"), panic.context)
    }

    @Test
    fun aFormattedPanicKeepsItsText() {
        val panic = assertThrows(NativePanicException::class.java) { NativeBridge.selfTest(2, 7) }
        assertEquals("self-test panic 7", panic.message)
    }

    @Test
    fun aPanicsTextMayHoldAnyCharacter() {
        val panic = assertThrows(NativePanicException::class.java) { NativeBridge.selfTest(10, 7) }
        assertEquals("self-test panic of \uD83D\uDCF1 and \u0000 7", panic.message)
    }

    @Test
    fun aPanicWithoutTextIsStillOne() {
        val panic = assertThrows(NativePanicException::class.java) { NativeBridge.selfTest(3, 7) }
        assertEquals("a panic with a payload that is no text", panic.message)
    }

    @TestFactory
    fun eachKindOfErrorHasItsClass(): List<DynamicTest> = listOf(
        InvalidInputException::class.java,
        StaleHandleException::class.java,
        StorageException::class.java,
        NativePanicException::class.java,
        NativeInternalException::class.java,
    ).mapIndexed { number, type ->
        dynamicTest(type.simpleName) {
            val error = assertThrows(FerruleException::class.java) { NativeBridge.selfTest(4, number) }
            assertInstanceOf(type, error)
            assertEquals("FFI_SELF_TEST", error.code)
            assertEquals("self-test error $number", error.message)
        }
    }

    @Test
    fun anExceptionThatIsPendingAlreadyWins() {
        for (kind in listOf(5, 6)) {
            val pending = assertThrows(IllegalStateException::class.java) { NativeBridge.selfTest(kind, 0) }
            assertEquals("self-test: thrown by a callback", pending.message)
        }
    }

    @Test
    fun aPanicInANativeThreadStaysThere() {
        assertEquals(1L, NativeBridge.selfTest(9, 0))
    }

    @Test
    fun anUnknownSelfTestIsNamed() {
        val error = assertThrows(InvalidInputException::class.java) { NativeBridge.selfTest(99, 0) }
        assertEquals("FFI_ARGUMENT_INVALID", error.code)
        assertEquals("self-test is not known: 99", error.message)
    }

    /** Every native method of the class, by reflection: it is registered, and a panic in it is contained. */
    @TestFactory
    fun aPanicInEveryEntryIsContained(): List<DynamicTest> {
        val natives = NativeBridge::class.java.declaredMethods.filter { Modifier.isNative(it.modifiers) }
        assertEquals(ENTRIES.toSet(), natives.map { it.name }.toSet())
        return ENTRIES.mapIndexed { index, name ->
            dynamicTest(name) {
                val method = natives.single { it.name == name }
                val arguments = method.parameterTypes.map(::anything).toTypedArray()
                NativeBridge.selfTest(TRIP, index + 1)
                val thrown = assertThrows(InvocationTargetException::class.java) { method.invoke(null, *arguments) }
                val panic = assertInstanceOf(NativePanicException::class.java, thrown.cause)
                assertEquals("self-test panic in $name", panic.message)
                assertEquals(3L, NativeBridge.selfTest(0, 3), "the trip wire is used up, the library works on")
            }
        }
    }

    private fun anything(type: Class<*>): Any? = when (type) {
        Int::class.java -> 0
        Long::class.java -> 0L
        ByteBuffer::class.java -> ByteBuffer.allocateDirect(16)
        Boolean::class.java -> false
        String::class.java -> ""
        ByteArray::class.java -> ByteArray(16)
        NativeLogSink::class.java, NativeIconSource::class.java, NativeIconListener::class.java -> null
        else -> this
    }

    companion object {
        private const val TRIP = 7

        /** By their numbers in the library, from 1. */
        private val ENTRIES = listOf(
            "decide", "open", "update", "close", "liveHandles", "setLogSink", "setLogLevel", "contract", "selfTest",
            "modelOpen", "modelOpened", "modelImportFile", "modelImportRows", "modelLoad", "modelTake", "modelClose",
            "iconsOpen", "iconsGetInto", "iconsGetAllInto", "iconsRequest", "iconsCancel", "iconsReprioritise", "iconsRun",
            "iconsWork", "iconsPin", "iconsClose", "iconsGetBitmap", "modelKeep", "modelKept", "iconsWatch",
            "iconsGetHardwareBuffer",
        )

        @BeforeAll
        @JvmStatic
        fun load() = NativeLibrary.require()
    }
}
