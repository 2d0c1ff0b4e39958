package dev.ferrule.os4

import dev.ferrule.bindings.ControlPlane
import dev.ferrule.bindings.FerruleException
import dev.ferrule.uniffi.LaunchAnswer
import dev.ferrule.uniffi.LaunchKind
import dev.ferrule.uniffi.LauncherStart
import dev.ferrule.uniffi.User
import java.io.File
import dev.ferrule.uniffi.FirstLaunch as GeneratedFirstLaunch

/** Whose start it is; ids are Android user ids. */
public class LauncherUser private constructor(internal val generated: User) {
    public companion object {
        /** A full user, with a record of its own. */
        @JvmStatic
        public fun full(id: Int): LauncherUser = LauncherUser(User.Full(id.toUInt()))

        /** A work profile, which shares its parent's record. */
        @JvmStatic
        public fun workProfile(id: Int, parent: Int): LauncherUser =
            LauncherUser(User.WorkProfile(id.toUInt(), parent.toUInt()))

        /** A guest or another ephemeral user, which never fires. */
        @JvmStatic
        public fun ephemeral(id: Int): LauncherUser = LauncherUser(User.Ephemeral(id.toUInt()))
    }
}

/** How the user came to OS4. */
public enum class FirstLaunchKind {
    /** From an older OS on this device. */
    UPGRADE,

    /** There was no record. */
    FRESH,

    /** The record came from another device. */
    RESTORED,
}

/** One delivery of the first launch. */
public class FirstLaunchDelivery internal constructor(
    /** How the user came to OS4. */
    public val kind: FirstLaunchKind,
    /** With [FirstLaunchKind.UPGRADE] the highest major trusted before, 0 for MIUI; else null. */
    public val fromMajor: Int?,
    /** 1 to 3. Above 1 an earlier delivery may already have been seen: showing it must be idempotent. */
    public val attempt: Int,
) {
    override fun toString(): String = "$kind${fromMajor?.let { " from $it" } ?: ""}, attempt $attempt"
}

/** Shows the first launch. */
public fun interface FirstLaunchConsumer {
    /** True if it was shown: it then never comes again. False, or anything thrown, leaves it for the next start. */
    @Throws(Exception::class)
    public fun show(delivery: FirstLaunchDelivery): Boolean
}

/** What came of a start. */
public enum class FirstLaunchResult {
    /** There was nothing to show. */
    NOTHING,

    /** It was shown, and that is durable. */
    SHOWN,

    /** It was delivered and not shown; the next start delivers it again, three times at most. */
    NOT_SHOWN,

    /** The record was unreadable and is done now; nothing was shown. */
    RECOVERED,

    /** Ask again after the first unlock. */
    NOT_READY,

    /** This kind of user never fires. */
    SUPPRESSED_EPHEMERAL,
}

/** The outcome of a start, with every reason. */
public class FirstLaunchOutcome internal constructor(
    /** What came of it. */
    public val result: FirstLaunchResult,
    /** What was delivered, null if nothing was. */
    public val delivery: FirstLaunchDelivery?,
    /** Why, in the order of the rules. */
    public val reasons: List<Reason>,
) {
    override fun toString(): String = "$result${delivery?.let { " ($it)" } ?: ""}: $reasons"
}

/** One start over the generated bindings; see [OsCompat.firstLaunchOnOS4]. */
internal object FirstLaunch {
    /** @throws FerruleException if the control plane cannot be used, or the acknowledgement could not be written */
    fun run(
        folder: File,
        identity: OsIdentity,
        user: LauncherUser,
        unlocked: Boolean,
        buildId: String,
        consumer: FirstLaunchConsumer,
    ): FirstLaunchOutcome = ControlPlane.call {
        GeneratedFirstLaunch.inFolder(wellFormed(folder.path)).use { first ->
            val outcome = first.start(start(identity, user, unlocked, buildId))
            val reasons = outcome.reasons.map { Reason(it.code, it.detail) }
            when (val answer = outcome.answer) {
                is LaunchAnswer.Nothing -> FirstLaunchOutcome(FirstLaunchResult.NOTHING, null, reasons)
                is LaunchAnswer.Recovered -> FirstLaunchOutcome(FirstLaunchResult.RECOVERED, null, reasons)
                is LaunchAnswer.NotReady -> FirstLaunchOutcome(FirstLaunchResult.NOT_READY, null, reasons)
                is LaunchAnswer.SuppressedEphemeral ->
                    FirstLaunchOutcome(FirstLaunchResult.SUPPRESSED_EPHEMERAL, null, reasons)
                is LaunchAnswer.Deliver -> {
                    val delivery = delivery(answer)
                    // If the consumer throws, closing the object gives the delivery up, as abandon does.
                    val shown = consumer.show(delivery)
                    if (shown) first.acknowledge() else first.abandon()
                    val result = if (shown) FirstLaunchResult.SHOWN else FirstLaunchResult.NOT_SHOWN
                    FirstLaunchOutcome(result, delivery, reasons)
                }
            }
        }
    }

    private fun start(identity: OsIdentity, user: LauncherUser, unlocked: Boolean, buildId: String) = LauncherStart(
        user = user.generated,
        unlocked = unlocked,
        family = when (identity.family) {
            Family.OTHER -> dev.ferrule.uniffi.Family.OTHER
            Family.HYPER_OS -> dev.ferrule.uniffi.Family.HYPER_OS
            Family.MIUI -> dev.ferrule.uniffi.Family.MIUI
            Family.XIAOMI_GO -> dev.ferrule.uniffi.Family.XIAOMI_GO
        },
        major = identity.major?.toUInt(),
        confidence = when (identity.confidence) {
            Confidence.LOW -> dev.ferrule.uniffi.Confidence.LOW
            Confidence.MEDIUM -> dev.ferrule.uniffi.Confidence.MEDIUM
            Confidence.HIGH -> dev.ferrule.uniffi.Confidence.HIGH
        },
        spoofed = identity.spoofed,
        buildId = wellFormed(buildId),
    )

    /** Half a surrogate pair becomes `?`, as in the names that `java.io` hands to the system; UniFFI would throw. */
    private fun wellFormed(text: String): String = String(text.toByteArray(Charsets.UTF_8), Charsets.UTF_8)

    private fun delivery(answer: LaunchAnswer.Deliver): FirstLaunchDelivery {
        val attempt = answer.attempt.toInt()
        return when (val kind = answer.kind) {
            is LaunchKind.Upgrade -> FirstLaunchDelivery(FirstLaunchKind.UPGRADE, kind.from.toInt(), attempt)
            is LaunchKind.Fresh -> FirstLaunchDelivery(FirstLaunchKind.FRESH, null, attempt)
            is LaunchKind.Restored -> FirstLaunchDelivery(FirstLaunchKind.RESTORED, null, attempt)
        }
    }
}
