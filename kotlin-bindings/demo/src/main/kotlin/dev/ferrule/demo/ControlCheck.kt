package dev.ferrule.demo

import dev.ferrule.bindings.ControlPlane
import dev.ferrule.guard.Answerer
import dev.ferrule.uniffi.Abi
import dev.ferrule.uniffi.DeviceFacts
import dev.ferrule.uniffi.Effects
import dev.ferrule.uniffi.Family
import dev.ferrule.uniffi.GlassLevel
import dev.ferrule.uniffi.OsCompat
import dev.ferrule.uniffi.Probes
import dev.ferrule.uniffi.PropertyOrigin
import dev.ferrule.uniffi.PropertyReport
import dev.ferrule.uniffi.PropertyText
import dev.ferrule.uniffi.RuntimeState
import dev.ferrule.uniffi.Switch
import dev.ferrule.uniffi.Tri

/**
 * Asks Ferrule by the control path: the classes that UniFFI generates. Rust reads the files itself.
 *
 * A launcher never does this at start-up; the first touch costs some hundred milliseconds.
 */
internal class ControlCheck : Answerer<Phone, ControlAnswer> {
    init {
        ControlPlane.require()
    }

    override fun answer(input: Phone): ControlAnswer {
        val texts = input.files.map { PropertyText(it.name, it.bytes) }
        return OsCompat.fromTexts(texts, probes(input.facts), device(input.facts)).use { check ->
            ControlAnswer(common(check), reading(check.properties()))
        }
    }

    private fun probes(known: PhoneFacts): Probes {
        fun probe(version: Int): Tri = when (known.runtimes[version]) {
            Presence.PRESENT -> Tri.PRESENT
            Presence.ABSENT -> Tri.ABSENT
            Presence.UNKNOWN, null -> Tri.UNKNOWN
        }
        return Probes(probe(3), probe(4), probe(5))
    }

    private fun device(known: PhoneFacts) = DeviceFacts(
        ramGib = known.ramGib?.toUInt(),
        cpulevel = known.cpuLevel?.toUInt(),
        gpulevel = known.gpuLevel?.toUInt(),
        abi = when (known.abi) {
            null -> Abi.UNKNOWN
            "arm64-v8a" -> Abi.ARM64
            else -> Abi.OTHER
        },
        densityDpi = known.densityDpi?.toUInt(),
        origin = PropertyOrigin.FILE,
    )

    private fun common(check: OsCompat): CommonAnswer {
        val identity = check.identity()
        val framework = check.framework()
        val effects = check.effects(calm)
        return CommonAnswer(
            family = when (identity.family) {
                Family.HYPER_OS -> OsFamily.HYPEROS
                Family.MIUI -> OsFamily.MIUI
                Family.XIAOMI_GO -> OsFamily.XIAOMI_GO
                Family.OTHER -> OsFamily.OTHER
            },
            major = identity.major?.toInt(),
            minor = identity.minor?.toInt(),
            atLeastOs4 = identity.atLeastOs4,
            glass = effects.glass == GlassLevel.FULL,
            detail = FerruleDetail(
                sdk = identity.sdk?.toInt(),
                confidence = words(identity.confidence),
                spoofed = identity.spoofed,
                framework = words(framework.generation),
                nativeLauncherMayStart = framework.nativeLauncherMayStart,
                glass = words(effects.glass),
                effects = effects(effects),
                reasons = (identity.reasons + framework.reasons + effects.reasons)
                    .map { Reason(it.code, it.detail, it.sentence) },
            ),
        )
    }

    private fun effects(effects: Effects): List<Pair<String, String>> = listOf(
        "Tier" to words(effects.tier),
        "Bounce" to words(effects.bounce),
        "Open and close" to words(effects.transition),
        "Blurred background" to if (effects.blurBackground) "yes" else "no",
        "Layers" to words(effects.dynamicLayers),
        "Long-press menu" to words(effects.longPressMenu),
        "Blur radius" to "${effects.background.blurRadiusPx} px",
        "Tint" to tints(effects.background.tintLightArgb.toInt(), effects.background.tintDarkArgb.toInt()),
    )

    private fun reading(report: PropertyReport) = Reading(
        lines = report.lines.toLong(),
        ignoredLines = report.ignoredLines.toLong(),
        firstIgnored = report.firstIgnored.map { "${it.partition} line ${it.line}: ${it.cause}" },
    )

    private companion object {
        private val calm = RuntimeState(
            nowMs = 0u,
            batterySaver = false,
            thermal = 0u,
            crossWindowBlur = Switch.UNKNOWN,
            windowBlursDisabled = false,
            reduceTransparency = false,
            userMaterial = Switch.UNKNOWN,
            animatorScale = 1f,
            nativeLauncherRunning = false,
        )
    }
}
