package dev.ferrule.demo.home

/** A home screen on a phone: the input of both implementations. */
internal class HomeQuestion(val home: StoredHome, val phone: HomePhone)

/** What becomes of an item. */
internal enum class Fate(val title: String) {
    /** On the screen, or in something that is. */
    SHOWN("on the screen"),

    /** Kept at its place and shown as unavailable. */
    HELD("held"),

    /** Not understood: kept as it is, with its cells. */
    OPAQUE("kept as it is"),

    /** Off the screen, kept and restorable. */
    QUARANTINED("set aside"),

    /** In the database but nowhere on the screen, and nobody says so. */
    INVISIBLE("invisible"),

    /** Deleted from the database. */
    DELETED("deleted"),
}

/**
 * Where an item ended.
 *
 * @property place where it stands; null if it stands nowhere
 * @property code why: legacy's reason, or Ferrule's most important code
 */
internal open class End(val fate: Fate, val place: Place?, val code: String)

/**
 * Where an item ended at Ferrule.
 *
 * @property codes all codes, most important first; empty if nothing differs from legacy
 * @property legacyCode what Ferrule says that legacy would do
 * @property isMoved whether it is on the screen elsewhere than the user left it
 * @property remedies what would bring it back, in words, best first
 */
internal class FerruleEnd(
    fate: Fate,
    place: Place?,
    code: String,
    val codes: List<String>,
    val legacyCode: String,
    val isMoved: Boolean,
    val remedies: List<String>,
) : End(fate, place, code)

/**
 * What one of the two makes of a home screen.
 *
 * @property ends by the item's id; an item that is not in it is lost
 * @property pages how many pages there are
 */
internal class HomeAnswer(val ends: Map<Long, End>, val pages: Int) {
    fun count(fate: Fate): Int = ends.values.count { it.fate == fate }
}

/** Both answers about one item. */
internal class Fork(val item: StoredItem, val legacy: End, val ferrule: FerruleEnd) {
    /** Whether Ferrule has it on the screen, and elsewhere than the user left it. */
    val isMoved: Boolean
        get() = ferrule.isMoved

    /** Whether legacy shows it smaller than it was: Launcher3 has no big folders. */
    val isShrunk: Boolean
        get() = item.kind == Kind.BIG_FOLDER && (legacy.place as? Place.Desktop)?.width == 1

    /** Whether a user would see a difference: between the two, or to where it was. */
    val differs: Boolean
        get() = legacy.fate != Fate.SHOWN || ferrule.fate != Fate.SHOWN || isMoved || isShrunk
}
