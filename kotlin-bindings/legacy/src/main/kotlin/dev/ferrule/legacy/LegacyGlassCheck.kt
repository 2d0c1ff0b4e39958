package dev.ferrule.legacy

import dev.ferrule.legacy.LegacyFlaw.ABSENT_MEANS_NO
import dev.ferrule.legacy.LegacyFlaw.GLASS_IGNORES_MATERIAL
import dev.ferrule.legacy.LegacyFlaw.GLASS_IGNORES_TIER
import dev.ferrule.legacy.LegacyFlaw.GLASS_WITHOUT_FRAMEWORK

/** Whether a phone that counts as OS4 gets the glass of OS4: the blur gate of such frameworks, with its flaws. */
internal class LegacyGlassCheck(private val repaired: Set<LegacyFlaw>) {
    fun supported(phone: LegacyPhone): Boolean =
        blurs(phone) &&
            (has(GLASS_WITHOUT_FRAMEWORK) || FRAMEWORK in phone.sharedLibraries) &&
            (has(GLASS_IGNORES_MATERIAL) || hasMaterial(phone)) &&
            (has(GLASS_IGNORES_TIER) || isFast(phone))

    private fun blurs(phone: LegacyPhone): Boolean = when (phone[BLUR]) {
        "1", "true" -> true
        "" -> !has(ABSENT_MEANS_NO)
        else -> false
    }

    private fun hasMaterial(phone: LegacyPhone): Boolean =
        phone[MATERIAL] in listOf("1", "true") && (phone.int(MATERIAL_RELEASE) ?: 0) >= 5

    /** More than 6 GiB and processors of the top levels; what is not known does not count, but something must be. */
    private fun isFast(phone: LegacyPhone): Boolean {
        val enough = listOfNotNull(
            phone.ramGib?.let { it > 6 },
            phone.int(CPU_LEVEL)?.let { it >= 5 },
            phone.int(GPU_LEVEL)?.let { it >= 5 },
        )
        return enough.isNotEmpty() && enough.all { it }
    }

    private fun has(flaw: LegacyFlaw): Boolean = flaw !in repaired

    private companion object {
        private const val FRAMEWORK = "hyperos.rustruntime.v5"
        private const val BLUR = "ro.surface_flinger.supports_background_blur"
        private const val MATERIAL = "persist.sys.background_blur_supported"
        private const val MATERIAL_RELEASE = "persist.sys.advanced_visual_release"
        private const val CPU_LEVEL = "persist.sys.computility.cpulevel"
        private const val GPU_LEVEL = "persist.sys.computility.gpulevel"
    }
}
