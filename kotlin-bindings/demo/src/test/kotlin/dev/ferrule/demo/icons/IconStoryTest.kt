package dev.ferrule.demo.icons

import dev.ferrule.demo.DemoRun
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.ByteArrayInputStream
import java.nio.file.Path
import javax.imageio.ImageIO

class IconStoryTest {
    @Test
    fun `ferrule shows no wrong icon on any day and draws each once`(@TempDir folder: Path) {
        DemoRun.requireLibrary()
        val platform = IconPlatform(SIDE)
        val result = FerruleIcons.ofTheDemo(platform).use { IconStory(platform, it, folder).run() }
        val seen = result.scenes.map { "${it.title}: ${IconWording.sights(it)}, ${it.draws} drawn" }
        assertEquals(
            listOf(
                "First start: 200 right, 200 drawn",
                "Cold start: 28 right, 0 drawn",
                "Drawer: 200 right, 0 drawn",
                "Apps updated: 25 right, 3 old, 0 drawn",
                "A moment later: 28 right, 0 drawn",
                "Theme changed: 28 old, 0 drawn",
                "A moment later: 28 right, 0 drawn",
                "Disk unusable: 28 right, 28 drawn",
                "A moment later: 28 right, 0 drawn",
            ),
            seen,
        )
        assertEquals(0, result.wrong)
        assertTrue(result.scrolling.hits > result.scrolling.lru + 10, "${result.scrolling.hits} and ${result.scrolling.lru}")
        // Fifty icons, their titles, and one more.
        val most = SIDE.toLong() * SIDE * 4 * (IconStory.ROOM + 1) + (512 shl 10)
        assertTrue(result.scrolling.peakBytes in 1..most, "${result.scrolling.peakBytes}")
        assertTrue("IC_STORE_IO" in result.report, result.report)
        val lines = IconText(colour = false).render(listOf(result)).lines()
        assertEquals(emptyList<String>(), lines.filter { it.length > 100 })
    }

    @Test
    fun `the pack has 200 apps that differ in name and icon, premultiplied, the same every time`() {
        val apps = SampleApp.all
        assertEquals(200, apps.size)
        assertEquals(200, apps.map { it.key }.toSet().size)
        assertEquals(200, apps.map { it.title }.toSet().size)
        val pictures = apps.map { IconPainter.draw(it, 1, IconShape.ROUNDED, SMALL) }
        assertEquals(200, pictures.map { it.toList() }.toSet().size)
        assertTrue(pictures[7].contentEquals(IconPainter.draw(apps[7], 1, IconShape.ROUNDED, SMALL)))
        for (pixels in pictures) for (at in pixels.indices step 4) {
            val alpha = pixels[at + 3].toInt() and 0xFF
            assertTrue((0 until 3).all { pixels[at + it].toInt() and 0xFF <= alpha })
        }
        val others = listOf(2 to IconShape.ROUNDED, 1 to IconShape.CIRCLE)
        for ((version, shape) in others) {
            assertTrue(apps.indices.none { pictures[it].contentEquals(IconPainter.draw(apps[it], version, shape, SMALL)) })
        }
    }

    @Test
    fun `a sheet is a picture of the icons`() {
        val full = java.nio.ByteBuffer.wrap(IconPainter.draw(SampleApp.all[0], 1, IconShape.ROUNDED, SMALL))
        val sheet = IconSheet.of(25, SMALL) { at -> if (at == 24) null else full }
        val image = ImageIO.read(ByteArrayInputStream(sheet.png))
        assertEquals(listOf(20 * 52, 2 * 52), listOf(image.width, image.height))
        assertEquals(listOf(sheet.width, sheet.height), listOf(image.width, image.height))
        // The middle of the sun is white; where there is no icon, nothing is.
        assertEquals(-1, image.getRGB(26, 26))
        assertEquals(0, image.getRGB(4 * 52 + 26, 52 + 26))
    }

    @Test
    fun `what is seen is judged by every pixel`() {
        val platform = IconPlatform(SMALL)
        val app = SampleApp.all[3]
        val first = java.nio.ByteBuffer.wrap(platform.draw(app))
        assertEquals(Sight.RIGHT, platform.judge(app, first))
        platform.update(app)
        assertEquals(Sight.OLD, platform.judge(app, first))
        first.put(5000, (first.get(5000) + 1).toByte())
        assertEquals(Sight.WRONG, platform.judge(app, first))
        assertEquals(Sight.WRONG, platform.judge(app, java.nio.ByteBuffer.wrap(platform.draw(SampleApp.all[4]))))
        assertEquals(Sight.BLANK, platform.judge(app, null))
    }

    private companion object {
        const val SIDE = 192
        const val SMALL = 48
    }
}
