package dev.ferrule.demo.guide

import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.guard.Verdict
import dev.ferrule.os4.DeviceFacts
import dev.ferrule.os4.OsCandidate
import dev.ferrule.os4.OsQuestion
import dev.ferrule.os4.PropertySource

/** Moves a launcher's own OS check to Ferrule, one stage at a time. */
class LauncherOs4(properties: (String) -> String?, private val ownCheck: () -> Boolean, log: (String) -> Unit) {
    private val question = OsQuestion(
        PropertySource { properties(it) },
        DeviceFacts.Builder().ramGib(12).densityDpi(440).liveDevice(true).build(),
    )
    private val rollout = Rollout { decision -> if (decision.verdict != Verdict.match()) log("$decision") }
    private val atLeastOs4 = rollout.feature<OsQuestion, Boolean>("os.at_least_os4") { OsCandidate.atLeastOS4() }
        .register()

    /** OFF loads nothing; SHADOW compares; LIVE lets Ferrule answer. May be called at any time. */
    fun moveTo(stage: Stage) = rollout.setStage(atLeastOs4, stage)

    /** Never throws anything but what the own check throws. */
    fun isOs4(): Boolean = rollout.call(atLeastOs4, question) { ownCheck() }
}
