package dev.ferrule.android.os

import android.app.ActivityManager
import android.content.ContextWrapper
import android.content.pm.PackageManager
import dev.ferrule.android.OnAndroid
import dev.ferrule.os4.Abi
import dev.ferrule.os4.DeviceFacts
import dev.ferrule.os4.Framework
import dev.ferrule.os4.OsSession
import dev.ferrule.os4.PropertySource
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowSystemProperties

/** What is read of the device, and that nothing is made of what is not answered. */
@Config(sdk = [28, 33, 34, 35])
class DeviceReaderTest : OnAndroid() {
    private fun framework(facts: DeviceFacts): Framework =
        OsSession.open(PropertySource { null }, facts).use { it.answer.identity.framework }

    @Test
    fun `memory is what the phone is sold as`() {
        val gib = 1L shl 30
        val sizes = mapOf(
            1L to 1, gib to 1, gib + 1 to 2, 3_700_000_000 to 4, 5_700_000_000 to 6, 7_700_000_000 to 8, 8_000_000_000 to 8,
            11_500_000_000 to 12, 15_600_000_000 to 16, 33 * gib to 33,
        )
        for ((bytes, sold) in sizes) assertEquals("$bytes bytes", sold, DeviceReader.soldGib(bytes))
    }

    @Test
    fun `memory comes from the activity manager`() {
        val manager = app.getSystemService(ActivityManager::class.java)
        shadowOf(manager).setMemoryInfo(ActivityManager.MemoryInfo().apply { totalMem = 11_600_000_000 })
        assertEquals(12, DeviceReader.ramGib(app))
        shadowOf(manager).setMemoryInfo(ActivityManager.MemoryInfo())
        assertNull(DeviceReader.ramGib(app))
    }

    @Test
    fun `the framework's libraries come from the package manager`() {
        val packages = shadowOf(app.packageManager)
        packages.addSystemSharedLibraryName("hyperos.rustruntime.v4")
        assertNotEquals(Framework.OS4, framework(DeviceReader.read(app)))
        packages.addSystemSharedLibraryName("hyperos.rustruntime.v5")
        assertEquals(Framework.OS4, framework(DeviceReader.read(app)))
    }

    @Test
    fun `where nobody answers everything is unknown`() {
        val silent = object : ContextWrapper(app) {
            override fun getPackageManager(): PackageManager = throw SecurityException("no")

            override fun getSystemService(name: String): Any = throw IllegalStateException("no")

            override fun getResources() = throw IllegalStateException("no")
        }
        val facts = DeviceReader.read(silent)
        assertEquals(Framework.UNKNOWN, framework(facts))
    }

    @Test
    fun `an absent property is null`() {
        assertNull(DeviceProperties.get("ro.mi.os.version.name"))
        ShadowSystemProperties.override("ro.mi.os.version.name", "OS4.0")
        assertEquals("OS4.0", DeviceProperties.get("ro.mi.os.version.name"))
    }

    @Test
    fun `a probe looks once and remembers that nothing is there`() {
        var looked = 0
        val absent = ReflectionProbe("no.such.Type", "number") { looked++; throw ClassNotFoundException(it) }
        repeat(3) { assertNull(absent.number()) }
        assertEquals(1, looked)
        val present = ReflectionProbe("java.lang.System", "nanoTime") { looked++; Class.forName(it) }
        repeat(3) { assertEquals(true, present.number() != null) }
        assertEquals(2, looked)
        assertNull(ReflectionProbe("java.lang.System", "noSuchMethod").number())
        assertNull(ReflectionProbe(Thrower::class.java.name, "number") { Thrower::class.java }.number())
    }

    @Test
    fun `the processor is that of this process`() {
        assertEquals(Abi.OTHER, Abi.of("x86_64"))
        assertEquals(Abi.ARM64, Abi.of("arm64-v8a"))
    }

    /** A vendor's method that fails. */
    class Thrower {
        companion object {
            @JvmStatic
            fun number(): Long = error("no")
        }
    }
}
