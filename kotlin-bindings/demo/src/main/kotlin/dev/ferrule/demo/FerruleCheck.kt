package dev.ferrule.demo

import dev.ferrule.guard.Answerer
import dev.ferrule.os4.Abi
import dev.ferrule.os4.DeviceFacts
import dev.ferrule.os4.Effects
import dev.ferrule.os4.Family
import dev.ferrule.os4.GlassLevel
import dev.ferrule.os4.NativeLauncher
import dev.ferrule.os4.OsAnswer
import dev.ferrule.os4.OsCandidate
import dev.ferrule.os4.OsQuestion
import dev.ferrule.os4.Probe
import dev.ferrule.os4.PropertySource

/** Asks Ferrule by the fast path, as a launcher does at start-up: hand-written JNI, no JNA. */
internal class FerruleCheck : Answerer<Phone, CommonAnswer> {
    private val ferrule = OsCandidate.answers()

    override fun answer(input: Phone): CommonAnswer =
        common(ferrule.answer(OsQuestion(PropertySource.of(input.properties), facts(input.facts))))

    private fun facts(known: PhoneFacts): DeviceFacts {
        val builder = DeviceFacts.Builder().abi(Abi.of(known.abi))
            .rustRuntimeV3(probe(known, 3))
            .rustRuntimeV4(probe(known, 4))
            .rustRuntimeV5(probe(known, 5))
        known.ramGib?.let { builder.ramGib(it) }
        known.cpuLevel?.let { builder.cpuLevel(it) }
        known.gpuLevel?.let { builder.gpuLevel(it) }
        known.densityDpi?.let { builder.densityDpi(it) }
        return builder.build()
    }

    private fun probe(known: PhoneFacts, version: Int): Probe = when (known.runtimes[version]) {
        Presence.PRESENT -> Probe.PRESENT
        Presence.ABSENT -> Probe.ABSENT
        Presence.UNKNOWN, null -> Probe.UNKNOWN
    }

    private fun common(answer: OsAnswer): CommonAnswer {
        val (identity, effects) = answer.identity to answer.effects
        return CommonAnswer(
            family = when (identity.family) {
                Family.HYPER_OS -> OsFamily.HYPEROS
                Family.MIUI -> OsFamily.MIUI
                Family.XIAOMI_GO -> OsFamily.XIAOMI_GO
                Family.OTHER -> OsFamily.OTHER
            },
            major = identity.major,
            minor = identity.minor,
            atLeastOs4 = answer.atLeastOS4,
            glass = effects.glass == GlassLevel.FULL,
            detail = FerruleDetail(
                sdk = identity.sdk,
                confidence = words(identity.confidence),
                spoofed = identity.spoofed,
                framework = words(identity.framework),
                nativeLauncherMayStart = identity.nativeLauncher == NativeLauncher.MAY_START,
                glass = words(effects.glass),
                effects = effects(effects),
                reasons = (identity.reasons + effects.reasons).map { Reason(it.code, it.detail) },
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
        "Tint" to tints(effects.background.tintLight, effects.background.tintDark),
    )
}

/** Lower-case words of a constant. */
internal fun words(constant: Enum<*>): String = constant.name.lowercase().replace('_', ' ')

/** Two ARGB colours. */
internal fun tints(light: Int, dark: Int): String = "#%08X light, #%08X dark".format(light, dark)
