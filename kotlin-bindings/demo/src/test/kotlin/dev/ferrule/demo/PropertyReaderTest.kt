package dev.ferrule.demo

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The reader that stands for Android's init, and its traps (os4-compat 1.1). */
class PropertyReaderTest {
    private fun read(vararg files: Pair<String, String>): Map<String, String> =
        PropertyReader.read(files.map { (name, text) -> PropertyFile(name, text.toByteArray()) })

    @Test
    fun `reads a property file`() {
        val text = "\uFEFFro.a= 1 \r\n# ro.b=2\n#ro.c?=3\nro.d=x=y\nro.e=\nbad key=1\nimport /x\nro.f\n=1\n ro.g=7"
        assertEquals(mapOf("ro.a" to "1", "ro.d" to "x=y", "ro.e" to "", "ro.g" to "7"), read("build.prop" to text))
    }

    @Test
    fun `the last of two values counts, an optional one only where there is no other`() {
        assertEquals(mapOf("ro.a" to "2"), read("build.prop" to "ro.a=1\nro.a=2"))
        assertEquals(mapOf("ro.a" to "1", "ro.b" to "3"), read("build.prop" to "ro.a=1\nro.a?=2\nro.b?=3"))
    }

    @Test
    fun `a later partition overrides an earlier one whatever the order of the files`() {
        val partitions = listOf("system", "system_ext", "vendor", "odm", "product", "mi_ext")
        for (later in 1 until partitions.size) {
            val files = listOf(partitions[later], partitions[later - 1]).map { "$it.prop" to "ro.a=$it" }
            assertEquals(mapOf("ro.a" to partitions[later]), read(*files.toTypedArray()))
        }
    }

    @Test
    fun `tells the partition from the innermost folder, else from the file's name`() {
        val expected = mapOf(
            "mi_ext/etc/build.prop" to 5, "system/system/product/build.prop" to 4, "system\\system_ext\\build.prop" to 1,
            "vendor_dlkm/etc/build.prop" to 2, "product_etc_build.prop" to 4, "system_ext.prop" to 1, "odm" to 3,
            "systemic.prop" to -1, "build.prop" to -1, "" to -1,
        )
        assertEquals(expected, expected.mapValues { PropertyReader.rank(it.key) })
    }

    @Test
    fun `reads the output of getprop, with values over several lines`() {
        val text = "[ro.a]: [1]\n[ro.b]: []\n[ro.c]: [one\ntwo]\n\nnoise\n[ro.d]: [x]y]\n[ro.e]: [never ends\n"
        assertEquals(mapOf("ro.a" to "1", "ro.b" to "", "ro.c" to "one\ntwo", "ro.d" to "x]y"), read("getprop" to text))
    }
}
