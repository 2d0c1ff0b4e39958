package dev.ferrule.legacy.icons

/**
 * The known ways in which [LegacyIconCache] is wrong, as its recording shows (icon-cache C.5, peer K1–K18). A closed list:
 * each [code] has an entry in `docs/codes.md` and never changes its meaning (contracts 6, R57).
 */
public enum class IconFlaw(
    /** The stable code, for reports and for programs that compare. */
    public val code: String,
    /** What the cache does wrong, to be read after "legacy". */
    public val sentence: String,
) {
    /** A look-up never compares a row's freshness with the app's; only a session and package events do. */
    NO_FRESHNESS_AT_LOOKUP("IC_LEGACY_NO_FRESHNESS_AT_LOOKUP", "serves whatever memory or table has, fresh or not"),

    /** The entry goes into memory before it is filled, so a look-up that found nothing or threw leaves a blank one. */
    BLANK_STAYS("IC_LEGACY_BLANK_STAYS", "keeps the blank of a failed look-up and answers with it"),

    /** Where a row has a label but no picture, the package's entry replaces both, even if it is blank. */
    PACKAGE_ERASES_TITLE("IC_LEGACY_PACKAGE_ERASES_TITLE", "loses a label it had when the package is unknown"),

    /** A colour entry of a package that was just rendered is made without flags; the same from the table has them. */
    PACKAGE_LOW_RES_HAS_NO_FLAGS(
        "IC_LEGACY_PACKAGE_LOW_RES_HAS_NO_FLAGS",
        "forgets work, private and instant on a package's colour entry",
    ),

    /**
     * A bulk request never looks into memory for a component without a row, and neither memorises nor stores what it
     * renders.
     */
    BULK_FORGETS_MEMORY("IC_LEGACY_BULK_FORGETS_MEMORY", "renders in bulk what it has in memory"),

    /** Of several requests for one component only the first one's activity is used, even if it is null. */
    BULK_FIRST_ACTIVITY_ONLY(
        "IC_LEGACY_BULK_FIRST_ACTIVITY_ONLY",
        "takes only the first of equal requests for the activity",
    ),

    /** Deep shortcuts are left out of the shared look-up, and nothing else fills them. */
    BULK_SKIPS_SHORTCUTS("IC_LEGACY_BULK_SKIPS_SHORTCUTS", "gives deep shortcuts of a bulk request nothing"),

    /** A file whose `user_version` is 0 counts as new: its table stays and is stamped with today's version. */
    ADOPTS_VERSION_ZERO("IC_LEGACY_ADOPTS_VERSION_ZERO", "adopts a table of version 0, whatever it holds"),

    /** With the right version in the file, a missing or foreign table is left as it is, and every write fails silently. */
    TABLE_NOT_REPAIRED("IC_LEGACY_TABLE_NOT_REPAIRED", "never repairs a table that is missing or of another shape"),

    /** A change of settings drops the default icon before it fails on a file that may not be written. */
    READ_ONLY_FORGETS_DEFAULT(
        "IC_LEGACY_READ_ONLY_FORGETS_DEFAULT",
        "forgets which picture is the default one when its file cannot be cleared",
    ),

    /** A session compares tokens only, and a look-up that could not read a picture writes nothing back. */
    DAMAGED_ROW_STAYS("IC_LEGACY_DAMAGED_ROW_STAYS", "never rewrites a damaged row whose token is right"),

    /** The decoder accepts a PNG that is cut in its pixels. */
    CUT_PICTURE("IC_LEGACY_CUT_PICTURE", "takes half a picture for a whole one"),

    /** A session remembers row ids. If a marked row goes meanwhile, the next new row may get its id. */
    ROWID_REUSED("IC_LEGACY_ROWID_REUSED", "deletes at the end of a session by row numbers that others have by then"),

    /**
     * Packages whose new icon was left out are named in the callback too, in every session anew, as the old row keeps
     * its token.
     */
    REPORTS_SKIPPED("IC_LEGACY_REPORTS_SKIPPED", "says that icons were updated which were not"),

    /** Only launcher activities are protected; a package's or a shortcut's default icon is kept as an ordinary one. */
    STORES_DEFAULT("IC_LEGACY_STORES_DEFAULT", "stores the system's default icon for packages and shortcuts"),

    /** Where the provider gives null, a transparent picture is made, kept and stored as good. */
    STORES_EMPTY("IC_LEGACY_STORES_EMPTY", "takes no drawing for an empty icon and stores it"),

    /** The map has no bound, is not trimmed, and sessions turn colours into full icons. */
    MEMORY_UNBOUNDED("IC_LEGACY_MEMORY_UNBOUNDED", "never gives memory back"),

    /**
     * A session that began before the icon size changed keeps the old helper, which opens the file again under the old
     * version.
     */
    OLD_FILE_REOPENED("IC_LEGACY_OLD_FILE_REOPENED", "lets an old session write the new file in the old version"),

    /** Rows of a package are deleted by LIKE, in which `_` is any character and case does not count. */
    LIKE_DELETES_MORE("IC_LEGACY_LIKE_DELETES_MORE", "deletes rows of other packages with a similar name"),

    /** A session scans only the users that it is given. */
    PROFILE_ROWS_STAY("IC_LEGACY_PROFILE_ROWS_STAY", "keeps the rows of profiles that are gone"),

    /** The serial of an unknown user is taken to be its handle. */
    SERIAL_COLLISION("IC_LEGACY_SERIAL_COLLISION", "serves another profile's icon when a serial equals a user's handle"),

    /** The flags and the wording of a profile are read once a process. */
    PROFILE_TYPE_CACHED("IC_LEGACY_PROFILE_TYPE_CACHED", "does not see that a profile became another kind"),

    /** The first "disk full" turns all writes off until the process ends or the size changes. */
    DISK_FULL_LATCH("IC_LEGACY_DISK_FULL_LATCH", "writes nothing more after the disk was full once"),

    /** An exception of the package manager goes through every look-up and is not caught in an update task. */
    PROVIDER_THROWS("IC_LEGACY_PROVIDER_THROWS", "lets the system's exceptions through"),

    /** A first call of a session without items turns the scan off. */
    EMPTY_FIRST_CALL("IC_LEGACY_EMPTY_FIRST_CALL", "takes an empty first list for the table's scan"),

    /** A package event deletes the rows first; if the new icon is a default one or cannot be read, none is written. */
    UPDATE_LOSES_ICON("IC_LEGACY_UPDATE_LOSES_ICON", "deletes a good icon before it knows another"),
    ;

    override fun toString(): String = code
}
