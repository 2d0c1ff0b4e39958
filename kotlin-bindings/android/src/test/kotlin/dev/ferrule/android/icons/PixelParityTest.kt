package dev.ferrule.android.icons

import android.os.Build
import dev.ferrule.android.OnAndroid
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File
import kotlin.math.abs

/**
 * The pixels that Ferrule's kernels are held to (`core/icon-cache/tests/framework_pixels.rs`) are those of this framework.
 * `-Dferrule.pixels.update=true` on API 34 writes them anew.
 */
@Config(sdk = [28, 33, 34, 35])
class PixelParityTest : OnAndroid() {
    private val pixels by lazy { FrameworkPixels(app.resources) }
    private val fixtures: File = generateSequence(File("").absoluteFile) { it.parentFile }
        .map { File(it, "tests/fixtures/framework-pixels") }.first { it.isDirectory }

    @Test
    fun `the framework still draws what is on file`() {
        val isUpdate = System.getProperty("ferrule.pixels.update") == "true"
        for ((scene, layers) in pixels.scenes) {
            for ((name, bytes) in pixels.of(layers.first, layers.second)) {
                val file = File(fixtures, "$scene.$name")
                if (isUpdate) file.writeBytes(bytes)
                val kept = file.readBytes()
                assertEquals("$file", kept.size, bytes.size)
                val worst = kept.indices.maxOf { abs((kept[it].toInt() and 0xff) - (bytes[it].toInt() and 0xff)) }
                assertTrue("$scene.$name is off by $worst", worst <= steps)
            }
        }
    }

    /** `adaptive_scale` makes 0.80940324 of it. */
    @Test
    fun `the default mask has the area that the kernel's scale is checked with`() = assertEquals(MASK_AREA, pixels.maskArea())

    /**
     * Of 255. Up to API 34 all draw alike, and another processor may round otherwise; since API 35 the edges of paths are
     * smoothed in another way, which the files do not follow.
     */
    private val steps = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM) 40 else 2

    private companion object {
        const val MASK_AREA = 146_535
    }
}
