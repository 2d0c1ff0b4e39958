package dev.ferrule.android.process

import android.os.Build
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.bindings.LogLevel
import dev.ferrule.bindings.Logging
import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.RenderedIcon
import dev.ferrule.launcher.LauncherModel
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File

/**
 * Two API levels in one JVM are two class loaders with a copy of the library each (build-and-test): calls, calls back from
 * native code and the control plane stay with their own.
 */
@Config(sdk = [28, 33, 34, 35])
class SandboxesTest : OnAndroid() {
    private fun use() {
        LauncherModel.open(File(folder, "home.db"), Homes.grid, Homes.NOW).use { assertEquals(0, it.control.explainAll().size) }
        val level = "API ${Build.VERSION.SDK_INT}"
        val options = IconOptions(8, workers = 0)
        IconCache.open(File(folder, "icons.db"), options) { _, _ -> RenderedIcon.Builder().label(level).build() }.use { cache ->
            IconBuffers(IconLevel.ICON.slotBytes(8)).take().use { buffer ->
                assertEquals(level, cache.getInto(IconQuery(IconKey("com.a", ".Main")), buffer).label)
            }
            assertTrue(cache.control.health().isGood)
        }
    }

    @Test
    fun `each has its own copy`() {
        use()
        val file = (NativeLibrary.load() as NativeLibrary.State.Loaded).file
        val mine = "ferrule.test.library.${Build.VERSION.SDK_INT}"
        System.setProperty(mine, "$file")
        val all = System.getProperties().stringPropertyNames().filter { it.startsWith("ferrule.test.library.") }
        assertEquals(all.size, all.map(System::getProperty).toSet().size)
    }

    @Test
    fun `and works again after another one was at work`() {
        repeat(2) {
            folder.listFiles().orEmpty().forEach { it.deleteRecursively() }
            use()
        }
        Logging.setLevel(LogLevel.OFF)
    }
}
