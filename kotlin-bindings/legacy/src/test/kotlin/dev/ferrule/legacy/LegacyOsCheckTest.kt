package dev.ferrule.legacy

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.File

/** The check is wrong exactly as documented: it is the thing to compare with, so its flaws must not change. */
class LegacyOsCheckTest {
    private class Row(
        val name: String,
        val properties: String,
        val expected: String,
        val flaw: LegacyFlaw? = null,
        val repaired: String? = null,
        val libraries: Set<String> = emptySet(),
        val ramGib: Int? = null,
    )

    private val os4 = """
        ro.mi.os.version.code=4
        ro.mi.os.version.name=OS4.0
        ro.build.version.incremental=OS4.0.16.0.XABCNXM
        ro.build.version.sdk=37
    """
    private val glass = "$os4\nro.surface_flinger.supports_background_blur=1"

    private val rows = listOf(
        Row("HyperOS 2", "ro.mi.os.version.code=2\nro.build.version.incremental=OS2.0.9.0.VABCNXM", "HYPEROS 2.0 no no"),
        Row("MIUI 14", "ro.miui.ui.version.name=V140\nro.build.version.incremental=V14.0.5.0.TABCNXM", "MIUI 14.null no no"),
        Row("MIUI 12.5 by name", "ro.miui.ui.version.name=V125", "MIUI 12.null no no"),
        Row("MIUI 9 by name", "ro.miui.ui.version.name=V9", "MIUI 9.null no no"),
        Row("Pixel", "ro.build.version.incremental=12345678\nro.product.manufacturer=Google\nro.build.version.sdk=37", "ANDROID null.null no no"),
        Row("nothing", "", "ANDROID null.null no no"),
        Row("OS4 with blur", glass, "HYPEROS 4.0 yes yes"),
        Row(
            "a spoofed 4",
            "ro.mi.os.version.code=4\nro.mi.os.version.name=4.0\nro.build.version.incremental=OS3.0.8.0.WABCNXM",
            "HYPEROS 4.0 yes no",
            LegacyFlaw.TRUSTS_SPOOF,
            "HYPEROS 3.0 no no",
        ),
        Row(
            "MIUI with a key of HyperOS",
            "ro.mi.os.version.code=4\nro.build.version.incremental=V14.0.5.0.TABCNXM",
            "HYPEROS 4.0 yes no",
            LegacyFlaw.TRUSTS_SPOOF,
            "MIUI 14.null no no",
        ),
        Row(
            "an AI version above the OS",
            "ro.mi.os.version.code=3\nro.ai.os.version.code=4\nro.build.version.incremental=OS3.0.8.0.WABCNXM",
            "HYPEROS 4.0 yes no",
            LegacyFlaw.TRUSTS_AI_VERSION,
            "HYPEROS 3.0 no no",
        ),
        Row(
            "one key on a custom ROM",
            "ro.mi.os.version.code=4\nro.build.version.incremental=eng.builder",
            "HYPEROS 4.null yes no",
            LegacyFlaw.NO_SECOND_WITNESS,
            "HYPEROS 4.null no no",
        ),
        Row(
            "declared in name and incremental only",
            "ro.mi.os.version.name=OS4.0\nro.mi.os.version.incremental=OS4.0.16.0.XABCNXM",
            "HYPEROS null.0 no no",
            LegacyFlaw.READS_ONLY_CODE,
            "HYPEROS 4.0 yes no",
        ),
        Row(
            "the product partition alone",
            "ro.product.build.version.incremental=V13.0.2.0.SABCNXM",
            "ANDROID null.null no no",
            LegacyFlaw.READS_ONE_STAMP,
            "MIUI 13.null no no",
        ),
        Row(
            "a fingerprint alone",
            "ro.system.build.fingerprint=Xiaomi/missi/missi:14/UKQ1/V816.0.3.0.UABCNXM:user/release-keys",
            "ANDROID null.null no no",
            LegacyFlaw.READS_ONE_STAMP,
            "HYPEROS 816.0 yes no",
        ),
        Row(
            "an OS4 stamp and nothing else",
            "ro.build.version.incremental=OS4.0.16.0.XABCNXM",
            "ANDROID null.null no no",
            LegacyFlaw.PREFIX_LIST_ENDS_AT_OS3,
            "HYPEROS 4.0 yes no",
        ),
        Row(
            "HyperOS 1 by its stamp",
            "ro.build.version.incremental=V816.0.3.0.UABCNXM",
            "HYPEROS 816.0 yes no",
            LegacyFlaw.MISREADS_V816,
            "HYPEROS 1.0 no no",
        ),
        Row(
            "HyperOS 1 by its name",
            "ro.miui.ui.version.name=V816",
            "MIUI 81.null no no",
            LegacyFlaw.MISREADS_V816,
            "HYPEROS null.null no no",
        ),
        Row(
            "a weekly build",
            "ro.miui.ui.version.name=V140\nro.build.version.incremental=23.4.17",
            "MIUI 23.null no no",
            LegacyFlaw.READS_DATE_AS_VERSION,
            "MIUI 14.null no no",
        ),
        Row(
            "a build of the 3.1 line",
            "ro.mi.os.version.code=3\nro.mi.os.version.name=OS3.0\nro.mi.os.version.incremental=OS3.0.305.0.WABCNXM",
            "HYPEROS 3.3 no no",
            LegacyFlaw.MINOR_FROM_BUILD_NUMBER,
            "HYPEROS 3.0 no no",
        ),
        Row(
            "LineageOS on SDK 35",
            "ro.product.manufacturer=Xiaomi\nro.build.version.sdk=35\nro.build.version.incremental=eng.builder",
            "HYPEROS null.null no no",
            LegacyFlaw.SDK_MEANS_HYPEROS,
            "ANDROID null.null no no",
        ),
        Row(
            "HyperOS without a version on SDK 36",
            "ro.mi.os.version.name=dev\nro.build.version.sdk=36",
            "HYPEROS 4.null yes no",
            LegacyFlaw.SDK_MEANS_OS4,
            "HYPEROS null.null no no",
        ),
        Row(
            "a Go build",
            "ro.build.version.incremental=A15.0.4.0.VABCNXM\nro.product.manufacturer=Google",
            "ANDROID null.null no no",
            LegacyFlaw.NO_GO_FAMILY,
            "XIAOMI_GO null.null no no",
        ),
        Row("glass, framework missing", glass, "HYPEROS 4.0 yes yes", LegacyFlaw.GLASS_WITHOUT_FRAMEWORK, "HYPEROS 4.0 yes no"),
        Row("glass, old material", glass, "HYPEROS 4.0 yes yes", LegacyFlaw.GLASS_IGNORES_MATERIAL, "HYPEROS 4.0 yes no"),
        Row(
            "glass, 6 GiB",
            glass,
            "HYPEROS 4.0 yes yes",
            LegacyFlaw.GLASS_IGNORES_TIER,
            "HYPEROS 4.0 yes no",
            ramGib = 6,
        ),
        Row("no blur property", os4, "HYPEROS 4.0 yes no", LegacyFlaw.ABSENT_MEANS_NO, "HYPEROS 4.0 yes yes"),
    )

    private fun read(text: String): Map<String, String> =
        text.lines().filter { '=' in it }.associate { it.substringBefore('=').trim() to it.substringAfter('=') }

    private fun say(answer: LegacyAnswer): String {
        fun word(yes: Boolean) = if (yes) "yes" else "no"
        return "${answer.family} ${answer.major}.${answer.minor} ${word(answer.atLeastOs4)} ${word(answer.glass)}"
    }

    @TestFactory
    fun `answers, and answers without the flaw`(): List<DynamicTest> = rows.map { row ->
        dynamicTest(row.name) {
            val phone = LegacyPhone(read(row.properties), row.libraries, row.ramGib)
            assertEquals(row.expected, say(LegacyOsCheck().check(phone)))
            if (row.flaw != null) {
                assertEquals(row.repaired, say(LegacyOsCheck(setOf(row.flaw)).check(phone)))
            }
        }
    }

    @Test
    fun `every flaw has a phone that shows it`() {
        assertEquals(LegacyFlaw.values().toSet(), rows.mapNotNull { it.flaw }.toSet())
    }

    @Test
    fun `an incremental whose letter fits the SDK is a second witness`() {
        val check = LegacyOsCheck(setOf(LegacyFlaw.NO_SECOND_WITNESS, LegacyFlaw.READS_ONLY_CODE))
        val declared = "ro.mi.os.version.incremental=OS4.0.16.0.XABCNXM\nro.build.version.sdk="
        assertEquals("HYPEROS 4.0 yes no", say(check.check(LegacyPhone(read(declared + "37")))))
        assertEquals("HYPEROS 4.0 no no", say(check.check(LegacyPhone(read(declared + "36")))))
    }

    @Test
    fun `a fully repaired glass check asks for everything`() {
        val properties = read(
            """$glass
            persist.sys.background_blur_supported=true
            persist.sys.advanced_visual_release=5
            persist.sys.computility.cpulevel=6""",
        )
        val check = LegacyOsCheck(LegacyFlaw.values().toSet())
        val phone = LegacyPhone(properties, setOf("hyperos.rustruntime.v5"), 12)
        assertEquals("HYPEROS 4.0 yes yes", say(check.check(phone)))
        assertEquals("HYPEROS 4.0 yes no", say(check.check(LegacyPhone(properties, setOf("hyperos.rustruntime.v4"), 12))))
        assertEquals("HYPEROS 4.0 yes no", say(check.check(LegacyPhone(properties, setOf("hyperos.rustruntime.v5"), 6))))
    }

    @Test
    fun `every flaw has an entry in the list of codes`() {
        val start = File(LegacyOsCheck::class.java.protectionDomain.codeSource.location.toURI())
        val page = generateSequence(start) { it.parentFile }.map { File(it, "docs/codes.md") }.first { it.isFile }
        val headings = page.readLines().filter { it.startsWith("## ") }.map { it.removePrefix("## ").trim() }
        assertEquals(emptyList<String>(), LegacyFlaw.values().map { it.code } - headings.toSet())
    }

    @Test
    fun `no values make it fail`() {
        val random = kotlin.random.Random(7)
        val keys = listOf(
            "ro.mi.os.version.code", "ro.mi.os.version.name", "ro.mi.os.version.incremental", "ro.ai.os.version.code",
            "ro.build.version.incremental", "ro.build.version.sdk", "ro.miui.ui.version.name", "ro.product.manufacturer",
        )
        val values = listOf("4", "OS4.0", "99999999999999999999", "V", "V816", "OS.", "A.", "1.2.3", "NaN", "Infinity", "-1", "Xiaomi", "\u0000")
        repeat(2_000) {
            val phone = LegacyPhone(List(random.nextInt(8)) { keys.random(random) to values.random(random) }.toMap())
            LegacyOsCheck().check(phone)
            LegacyOsCheck(LegacyFlaw.values().toSet()).check(phone)
        }
    }

    @Test
    fun `answers compare by what they say`() {
        val one = LegacyOsCheck().check(LegacyPhone(emptyMap()))
        assertEquals(one, LegacyOsCheck().check(LegacyPhone(emptyMap())))
        assertNotEquals(one, LegacyOsCheck().check(LegacyPhone(mapOf("ro.mi.os.version.code" to "4"))))
    }
}
