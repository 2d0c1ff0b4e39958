package dev.ferrule.guard

import dev.ferrule.guard.state.Target

/**
 * What is known of the device for predicates; null is unknown and meets none (RO-I3).
 *
 * @property patch the security patch, `YYYY-MM-DD`
 * @property pageSize bytes of a memory page
 * @property buildType `user`, `userdebug` or `eng`
 * @property candidate the candidate's version number
 */
public class DeviceFacts @JvmOverloads constructor(
    public val model: String? = null,
    public val sdk: Int? = null,
    public val patch: String? = null,
    public val abi: String? = null,
    public val pageSize: Int? = null,
    public val ramGib: Int? = null,
    public val buildType: String? = null,
    public val candidate: Int? = null,
) {
    /** Whether every kind of predicate is met by one of its alternatives. */
    internal fun meetAll(targets: List<Target>): Boolean =
        targets.groupBy { it.kind }.all { (kind, values) -> values.any { kind.meets(this, it.value) } }
}
