package dev.ferrule.legacy

import dev.ferrule.legacy.LegacyFlaw.MINOR_FROM_BUILD_NUMBER
import dev.ferrule.legacy.LegacyFlaw.MISREADS_V816
import dev.ferrule.legacy.LegacyFlaw.NO_GO_FAMILY
import dev.ferrule.legacy.LegacyFlaw.NO_SECOND_WITNESS
import dev.ferrule.legacy.LegacyFlaw.PREFIX_LIST_ENDS_AT_OS3
import dev.ferrule.legacy.LegacyFlaw.READS_DATE_AS_VERSION
import dev.ferrule.legacy.LegacyFlaw.READS_ONE_STAMP
import dev.ferrule.legacy.LegacyFlaw.READS_ONLY_CODE
import dev.ferrule.legacy.LegacyFlaw.SDK_MEANS_HYPEROS
import dev.ferrule.legacy.LegacyFlaw.SDK_MEANS_OS4
import dev.ferrule.legacy.LegacyFlaw.TRUSTS_AI_VERSION
import dev.ferrule.legacy.LegacyFlaw.TRUSTS_SPOOF

/**
 * The OS check as frameworks of the MIUI era write it, faithful to its flaws: the family from whichever key exists, the
 * version as a float of one key, prefix lists, and the SDK where nothing else is at hand.
 *
 * It is what the migration starts from, so it is not to be improved. Each flaw is one branch below, and
 * [repaired] takes that branch away: this is how a comparison proves which flaw made a difference.
 *
 * Pure: the same phone gives the same answer. Thread-safe.
 */
public class LegacyOsCheck @JvmOverloads constructor(private val repaired: Set<LegacyFlaw> = emptySet()) {
    /** Which OS [phone] runs and what it may show. */
    public fun check(phone: LegacyPhone): LegacyAnswer {
        val stamp = BuildStamp.of(incremental(phone))
        val family = family(phone, stamp)
        val version = version(phone, stamp, family)
        val atLeastOs4 = family == LegacyFamily.HYPEROS && version != null && version >= 4f &&
            (has(NO_SECOND_WITNESS) || confirmed(phone, stamp, version.toInt()))
        return LegacyAnswer(
            family = family,
            version = version,
            minor = if (family == LegacyFamily.HYPEROS) minor(phone, version) else null,
            atLeastOs4 = atLeastOs4,
            glass = atLeastOs4 && LegacyGlassCheck(repaired).supported(phone),
        )
    }

    /** The build number; a check without the flaw looks at the other partitions too, and last at fingerprints. */
    private fun incremental(phone: LegacyPhone): String {
        val usual = phone[INCREMENTAL]
        if (usual.isNotEmpty() || has(READS_ONE_STAMP)) return usual
        val stamps = PARTITIONS.map { phone["ro.$it.build.version.incremental"] }
        val prints = PARTITIONS.map { fingerprintBuild(phone["ro.$it.build.fingerprint"]) }
        return (stamps + prints).firstOrNull { it.isNotEmpty() }.orEmpty()
    }

    private fun family(phone: LegacyPhone, stamp: BuildStamp): LegacyFamily {
        if (MI_OS_KEYS.any { phone[it].isNotEmpty() }) {
            val stampIsMiui = stamp.kind == BuildStamp.Kind.MIUI
            return if (stampIsMiui && !has(TRUSTS_SPOOF)) LegacyFamily.MIUI else LegacyFamily.HYPEROS
        }
        if (hasHyperOsPrefix(incremental(phone))) return LegacyFamily.HYPEROS
        if (stamp.kind == BuildStamp.Kind.GO && !has(NO_GO_FAMILY)) return LegacyFamily.XIAOMI_GO
        val uiName = phone[MIUI_NAME]
        if (uiName == "V${BuildStamp.HYPEROS_1}" && !has(MISREADS_V816)) return LegacyFamily.HYPEROS
        if (uiName.isNotEmpty()) return LegacyFamily.MIUI
        if (stamp.kind == BuildStamp.Kind.MIUI) return LegacyFamily.MIUI
        val isXiaomi = phone[MANUFACTURER].equals("xiaomi", ignoreCase = true)
        if (isXiaomi && (phone.int(SDK) ?: 0) >= 34 && has(SDK_MEANS_HYPEROS)) return LegacyFamily.HYPEROS
        return LegacyFamily.ANDROID
    }

    private fun hasHyperOsPrefix(incremental: String): Boolean =
        PREFIXES.any { incremental.startsWith(it) } ||
            (!has(PREFIX_LIST_ENDS_AT_OS3) && BuildStamp.of(incremental).kind == BuildStamp.Kind.HYPEROS)

    private fun version(phone: LegacyPhone, stamp: BuildStamp, family: LegacyFamily): Float? = when (family) {
        LegacyFamily.HYPEROS -> hyperOsVersion(phone, stamp)
        LegacyFamily.MIUI -> miuiVersion(phone, stamp)
        LegacyFamily.XIAOMI_GO, LegacyFamily.ANDROID -> null
    }

    private fun hyperOsVersion(phone: LegacyPhone, stamp: BuildStamp): Float? {
        val declared = declaredVersion(phone)
        val stamped = stamp.number?.takeIf { stamp.kind == BuildStamp.Kind.HYPEROS }
        if (declared != null) {
            val spoofed = stamped != null && stamped < declared
            return if (spoofed && !has(TRUSTS_SPOOF)) stamped?.toFloat() else declared
        }
        val leading = leadingNumber(incremental(phone), stamp)
        if (leading != null) return leading
        return if ((phone.int(SDK) ?: 0) >= 36 && has(SDK_MEANS_OS4)) 4f else null
    }

    private fun declaredVersion(phone: LegacyPhone): Float? {
        val codes = if (has(TRUSTS_AI_VERSION)) {
            phone.properties.filterKeys { it.endsWith(".os.version.code") }.values
        } else {
            listOf(phone[MI_OS_CODE])
        }
        val code = codes.mapNotNull { it.trim().toFloatOrNull() }.maxOrNull()
        if (code != null || has(READS_ONLY_CODE)) return code
        return listOf(MI_OS_NAME, MI_OS_INCREMENTAL).firstNotNullOfOrNull { osNumber(phone[it]) }?.toFloat()
    }

    /** What stands before the first dot of the incremental, letters dropped. */
    private fun leadingNumber(incremental: String, stamp: BuildStamp): Float? {
        if (stamp.kind == BuildStamp.Kind.WEEKLY && !has(READS_DATE_AS_VERSION)) return null
        val number = incremental.substringBefore('.').removePrefix("OS").removePrefix("V").toFloatOrNull()
        val is816 = number == BuildStamp.HYPEROS_1.toFloat()
        return if (is816 && !has(MISREADS_V816)) 1f else number
    }

    private fun miuiVersion(phone: LegacyPhone, stamp: BuildStamp): Float? =
        leadingNumber(incremental(phone), stamp) ?: uiNumber(phone[MIUI_NAME])?.toFloat()

    /** `V9` is 9 and `V125` is 12. */
    private fun uiNumber(name: String): Int? {
        val digits = name.removePrefix("V")
        return if (digits.length == 3) digits.take(2).toIntOrNull() else digits.toIntOrNull()
    }

    private fun minor(phone: LegacyPhone, version: Float?): Int? {
        if (!has(MINOR_FROM_BUILD_NUMBER)) {
            val name = phone[MI_OS_NAME]
            return if (osNumber(name) == version?.toInt()) name.substringAfter('.', "").toIntOrNull() else null
        }
        val build = phone[MI_OS_INCREMENTAL].ifEmpty { incremental(phone) }
        return build.split('.').getOrNull(2)?.toIntOrNull()?.div(100)
    }

    /** Whether something besides one declared key says that this is HyperOS [major]. */
    private fun confirmed(phone: LegacyPhone, stamp: BuildStamp, major: Int): Boolean = when (stamp.kind) {
        BuildStamp.Kind.HYPEROS -> stamp.number == major
        BuildStamp.Kind.FOREIGN -> false
        else -> {
            val incremental = phone[MI_OS_INCREMENTAL]
            val declared = listOfNotNull(
                phone[MI_OS_CODE].toIntOrNull(),
                osNumber(phone[MI_OS_NAME]),
                osNumber(incremental),
            )
            declared.all { it == major } && (declared.size >= 2 || letterFits(incremental, phone.int(SDK)))
        }
    }

    private fun has(flaw: LegacyFlaw): Boolean = flaw !in repaired

    private companion object {
        private const val INCREMENTAL = "ro.build.version.incremental"
        private const val SDK = "ro.build.version.sdk"
        private const val MANUFACTURER = "ro.product.manufacturer"
        private const val MIUI_NAME = "ro.miui.ui.version.name"
        private const val MI_OS_CODE = "ro.mi.os.version.code"
        private const val MI_OS_NAME = "ro.mi.os.version.name"
        private const val MI_OS_INCREMENTAL = "ro.mi.os.version.incremental"
        private val MI_OS_KEYS = listOf(MI_OS_CODE, MI_OS_NAME, MI_OS_INCREMENTAL)
        private val PREFIXES = listOf("OS1.", "OS2.", "OS3.", "V816.")
        private val osName = Regex("""OS(\d{1,2})\..*""")

        /** Partitions with a build number of their own that speaks of the OS. */
        private val PARTITIONS = listOf("product", "system_ext", "system")
        private val lettered = Regex("""OS\d{1,2}\.\d+\.\d+\.\d+\.([T-X])[A-Z]{6}""")

        /** The build number in `brand/product/device:release/id/BUILD:type/keys`. */
        private fun fingerprintBuild(print: String): String = print.split('/').getOrElse(4) { "" }.substringBefore(':')

        /** Whether the Android letter of a build number is that of the SDK: T is 33 and X is 37. */
        private fun letterFits(incremental: String, sdk: Int?): Boolean {
            val letter = lettered.matchEntire(incremental)?.groupValues?.get(1)?.single() ?: return false
            return sdk == 33 + (letter - 'T')
        }

        private fun osNumber(text: String): Int? = osName.matchEntire(text)?.groupValues?.get(1)?.toInt()
    }
}
