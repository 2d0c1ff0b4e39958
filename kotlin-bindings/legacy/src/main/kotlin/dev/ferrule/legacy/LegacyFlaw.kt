package dev.ferrule.legacy

/**
 * The known ways in which [LegacyOsCheck] is wrong. A closed list: each [code] has an entry in
 * `docs/codes.md` and never changes its meaning.
 *
 * The order matters where several of them would each account for a difference: the first one is named.
 *
 * Each one is a habit of OS checks in the field. `LegacyOsCheck(repaired = setOf(flaw))` is the same check without the
 * flaw; a comparison that has to name the cause of a difference computes both (contracts 6, R57).
 */
public enum class LegacyFlaw(
    /** The stable code, for reports and for programs that compare. */
    public val code: String,
    /** What the check does wrong, to be read after "legacy". */
    public val sentence: String,
) {
    /** Takes the highest of all `*.os.version.code`, and so `ro.ai.os.version.code`, for the OS version. */
    TRUSTS_AI_VERSION("OS_LEGACY_TRUSTS_AI_VERSION", "takes ro.ai.os.version.code for the version of the OS"),

    /** Believes `ro.mi.os.version.code` although the build stamp says an older OS. */
    TRUSTS_SPOOF("OS_LEGACY_TRUSTS_SPOOF", "believes the declared version although the build stamp says an older OS"),

    /** Says "OS4" on a single key that nothing else on the phone confirms. */
    NO_SECOND_WITNESS("OS_LEGACY_NO_SECOND_WITNESS", "says OS4 on one key that nothing else confirms"),

    /** Reads only `.code`; a phone that declares its version in `.name` or `.incremental` has none. */
    READS_ONLY_CODE("OS_LEGACY_READS_ONLY_CODE", "reads only the .code key, and so finds no version"),

    /** Reads only `ro.build.version.incremental`, which a single partition's file does not have. */
    READS_ONE_STAMP(
        "OS_LEGACY_READS_ONE_STAMP",
        "reads only ro.build.version.incremental, no partition's own build number",
    ),

    /** Knows the incremental prefixes `OS1` to `OS3` and `V816`; an `OS4` build is plain Android to it. */
    PREFIX_LIST_ENDS_AT_OS3("OS_LEGACY_PREFIX_LIST_ENDS_AT_OS3", "knows builds by a list of prefixes that ends at OS3"),

    /** Takes the 816 of `V816` for a version number, or such a phone for MIUI; it is HyperOS 1. */
    MISREADS_V816("OS_LEGACY_MISREADS_V816", "takes V816 for a version number or for MIUI; it is HyperOS 1"),

    /** Takes the year of a weekly build such as `24.1.5` for a version number. */
    READS_DATE_AS_VERSION("OS_LEGACY_READS_DATE_AS_VERSION", "takes the year of a weekly build for a version number"),

    /** Makes a minor version of the third number of the build: "3.3" of every `OS3.0.3xx`. */
    MINOR_FROM_BUILD_NUMBER("OS_LEGACY_MINOR_FROM_BUILD_NUMBER", "makes a minor version of the third build number"),

    /** Any Xiaomi phone on SDK 34 or later is HyperOS, whatever ROM it runs. */
    SDK_MEANS_HYPEROS("OS_LEGACY_SDK_MEANS_HYPEROS", "takes any Xiaomi phone on SDK 34 or later for HyperOS"),

    /** A HyperOS phone without a readable version is OS4 from SDK 36 on. */
    SDK_MEANS_OS4("OS_LEGACY_SDK_MEANS_OS4", "takes SDK 36 or later for OS4 where it finds no version"),

    /** Has no word for Xiaomi's Android Go builds (`A15.0.11.0.…`). */
    NO_GO_FAMILY("OS_LEGACY_NO_GO_FAMILY", "has no word for Android Go builds"),

    /** Shows glass on OS4 without asking for the framework that draws it. */
    GLASS_WITHOUT_FRAMEWORK(
        "OS_LEGACY_GLASS_WITHOUT_FRAMEWORK",
        "shows glass without asking for the framework that draws it",
    ),

    /** Shows glass whatever material version the phone supports. */
    GLASS_IGNORES_MATERIAL("OS_LEGACY_GLASS_IGNORES_MATERIAL", "shows glass whatever material the system supports"),

    /** Shows glass on slow hardware too. */
    GLASS_IGNORES_TIER("OS_LEGACY_GLASS_IGNORES_TIER", "shows glass on slow hardware too"),

    /** Takes a missing blur property for "no blur". In a file, missing is unknown. */
    ABSENT_MEANS_NO("OS_LEGACY_ABSENT_MEANS_NO", "takes a missing blur property for \"no blur\""),
    ;

    override fun toString(): String = code
}
