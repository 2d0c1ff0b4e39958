package dev.ferrule.android.device

import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.drawable.AdaptiveIconDrawable
import android.graphics.drawable.ColorDrawable
import android.graphics.drawable.InsetDrawable
import android.os.Process
import android.os.SystemClock
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.icons.FoundIcon
import dev.ferrule.android.icons.IconBitmaps
import dev.ferrule.android.icons.PlatformIconProvider
import dev.ferrule.android.os.DeviceReader
import dev.ferrule.android.rollout.AndroidExitReasons
import dev.ferrule.android.rollout.DeviceSafeguard
import dev.ferrule.guard.crash.ExitReason
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconQuery
import dev.ferrule.os4.OsCompat
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.After
import org.junit.Test
import java.io.File
import java.nio.file.Files
import java.util.concurrent.Callable
import java.util.concurrent.Executors

/**
 * Checks that need a framework and nothing of a test's: the same class runs under Robolectric ([DeviceChecksTest]) and, by
 * [FerruleInstrumentation], on a device.
 */
abstract class DeviceChecks {
    /** Of the package under test. */
    protected abstract val context: Context

    private lateinit var folder: File

    @Before
    fun makeFolder() {
        folder = Files.createTempDirectory(context.cacheDir.toPath(), "ferrule").toFile()
    }

    @After
    fun removeFolder() {
        folder.deleteRecursively()
    }

    @Test
    fun committedRowsAreHandedOverInTheMiddleOfAWrite() {
        val thread = Executors.newSingleThreadExecutor()
        Homes.create(File(folder, "launcher.db")).use { legacy ->
            legacy.enableWriteAheadLogging()
            legacy.app(1)
            thread.submit(
                Callable {
                    legacy.beginTransactionNonExclusive()
                    legacy.app(2)
                },
            ).get()
            assertEquals(listOf("App 1"), Homes.titles(folder, SqliteRowSource(legacy)))
            thread.submit(
                Callable {
                    legacy.setTransactionSuccessful()
                    legacy.endTransaction()
                },
            ).get()
            assertEquals(listOf("App 1", "App 2"), Homes.titles(folder, SqliteRowSource(legacy)))
        }
        thread.shutdown()
    }

    @Test
    fun anAdaptiveIconComesBackAsTheFrameworkDrawsIt() {
        val icon = { AdaptiveIconDrawable(ColorDrawable(Color.BLUE), InsetDrawable(ColorDrawable(Color.RED), 0.45f)) }
        val expected = Bitmap.createBitmap(SIZE, SIZE, Bitmap.Config.ARGB_8888)
        icon().run {
            setBounds(0, 0, SIZE, SIZE)
            draw(Canvas(expected))
        }
        val provider = PlatformIconProvider(context, SIZE, { FoundIcon("a", icon(), null) })
        IconCache.open(File(folder, "icons.db"), IconOptions(SIZE, workers = 0), provider).use { cache ->
            IconBuffers(IconLevel.ICON.slotBytes(SIZE)).take().use { buffer ->
                val answer = cache.getInto(IconQuery(IconKey("com.a", ".Main")), buffer)
                assertTrue(checkNotNull(IconBitmaps.of(answer, buffer.pixels())).sameAs(expected))
            }
        }
    }

    @Test
    fun theDeviceIsReadAndTheChecksAnswer() {
        assertNotNull(DeviceReader.read(context))
        assertNotNull(OsCompat.answer().identity)
    }

    @Test
    fun theGuardOpensAndThisProcessHasNotDied() {
        DeviceSafeguard.open(context).use { assertTrue(it.isWriter) }
        assertEquals(ExitReason.UNKNOWN, AndroidExitReasons(context).of(Process.myPid(), SystemClock.elapsedRealtimeNanos()))
    }

    private companion object {
        const val SIZE = 48
    }
}
