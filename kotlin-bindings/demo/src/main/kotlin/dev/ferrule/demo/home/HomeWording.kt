package dev.ferrule.demo.home

import dev.ferrule.demo.counted
import dev.ferrule.guard.Verdict
import dev.ferrule.launcher.Remedy

/** What both reports say in the same words. */
internal object HomeWording {
    /** Why legacy deleted an item, by its reason. */
    val deleted: Map<String, String> = mapOf(
        "LM_OVERLAPPING_ITEM" to "its place is taken, or outside the grid",
        "LM_UNPARENTED" to "its folder is not there",
        "LM_EMPTY_FOLDER" to "nothing is left in it",
        "LM_BAD_APP_PAIR" to "it does not have two members",
        "LM_USER_PROFILE_DELETED" to "its profile is not seen",
        "LM_APP_NO_DB_INTENT" to "it says nothing to start",
        "LM_APP_NO_TARGET_PACKAGE" to "it names no app",
        "LM_APP_NO_LAUNCH_INTENT" to "its app has nothing to start",
        "LM_APP_NOT_RESTORED_OR_INSTALLED" to "its app was never installed",
        "LM_APP_NOT_INSTALLED_EXTERNAL_MEDIA" to "its app is not seen",
        "LM_SHORTCUT_NOT_FOUND" to "its shortcut is not pinned",
        "LM_INVALID_WIDGET_SIZE" to "it has no size",
        "LM_INVALID_WIDGET_CONTAINER" to "a widget in a folder",
        "LM_NO_SEARCH_WIDGET" to "there is no search app",
        "LM_MISSING_WIDGET_PROVIDER" to "its app is not seen",
        "LM_INVALID_WIDGET_ID" to "its widget id is not known",
        "LM_INVALID_CUSTOM_WIDGET_ID" to "its widget id is not known",
        "LM_UNRESTORED_PENDING_WIDGET" to "its app was never installed",
        "LM_UNSPECIFIED_WIDGET_INFLATION_RESULT" to "its app is not seen",
        "LM_WIDGETS_DISABLED" to "widgets are switched off",
    )

    /** What Ferrule did, by code: the sentences of docs/codes.md in short. */
    val kept: Map<String, String> = mapOf(
        "LM_HELD_INSTEAD_OF_DELETED" to "held at its place, shown as unavailable",
        "LM_HELD_INSTEAD_OF_SKIPPED" to "held at its place, shown as unavailable",
        "LM_HELD_INSTEAD_OF_RETARGETED" to "held at its place until the platform has answered",
        "LM_HELD_PROFILE_UNREADABLE" to "held at its place; no other profile gets it",
        "LM_HELD_INSIDE_UNAVAILABLE" to "held in what it lies in",
        "LM_HELD_WITHOUT_ROOM" to "held until a grid has room for it",
        "LM_HELD_ROW_ID" to "held until it has a number",
        "LM_QUARANTINED_INSTEAD_OF_DELETED" to "set aside: off the screen, listed, restorable",
        "LM_QUARANTINED_EMPTY_FOLDER" to "set aside: off the screen, listed, restorable",
        "LM_QUARANTINED_PAIR" to "set aside: its member has its place",
        "LM_KEPT_OPAQUE" to "kept as it is, with its cells",
        "LM_RELOCATED_OVERLAP" to "moved to the nearest free place",
        "LM_RELOCATED_OUT_OF_BOUNDS" to "moved into the grid",
        "LM_RELOCATED_RESERVED_ROW" to "moved off the search bar",
        "LM_RELOCATED_PAGE" to "its page got a number",
        "LM_RELOCATED_DOCK" to "moved to a free place",
        "LM_RELOCATED_RESIZED" to "made as large as the page",
        "LM_RELOCATED_ORPHAN" to "moved to the desktop",
        "LM_RELOCATED_NOT_A_COLLECTION" to "moved to the desktop",
        "LM_RELOCATED_UNKNOWN_CONTAINER" to "moved to the desktop",
        "LM_RELOCATED_NESTED" to "moved to the desktop with what is in it",
        "LM_RELOCATED_WIDGET" to "moved to the desktop",
        "LM_RELOCATED_PAIR_MEMBER" to "moved to the desktop",
        "LM_SHOWN_INSTEAD_OF_LOST" to "stays where it was",
        "LM_COLLECTION_PROFILE_IGNORED" to "stays where it was",
    )

    /** What legacy did with an item: `deleted: its folder is not there`. */
    fun legacy(fork: Fork): String = when (fork.legacy.fate) {
        Fate.DELETED -> "deleted: ${deleted[fork.legacy.code] ?: fork.legacy.code}"
        Fate.INVISIBLE ->
            if (fork.legacy.code == UNKNOWN_TYPE) "invisible: a type it does not know" else "invisible: it fails on its row"
        else -> if (fork.isShrunk) "made small: it has no big folders" else fork.legacy.fate.title
    }

    /** What Ferrule did with an item: `held at its place, shown as unavailable`. */
    fun ferrule(fork: Fork): String = kept[fork.ferrule.code]
        ?: if (fork.ferrule.fate == Fate.SHOWN) "as it was" else fork.ferrule.fate.title

    /** What to do, in words. */
    fun remedy(remedy: Remedy): String = when (remedy.word) {
        "wait_for_platform" -> "by itself, when the platform has answered"
        "bring_profile_back" -> "unlock or bring back profile ${remedy.user}"
        "install_package" -> "install or enable ${remedy.packageName}"
        "pin_shortcut" -> "pin it again from ${remedy.packageName}"
        "add_app_again" -> "add ${remedy.packageName} again"
        "set_up_widget" -> "set the widget up again"
        "choose_search_app" -> "choose a search app"
        "enable_widgets" -> "a build with widgets"
        "enable_app_pairs" -> "a build with app pairs"
        "update_launcher" -> "a version that knows its type"
        "restore_collection" -> "bring back what it lies in"
        "larger_grid" -> "a grid with room for ${remedy.first}x${remedy.second}"
        "restore_or_dismiss" -> "restore it, or let it go"
        "replace" -> "put a new one in its place"
        "move_back" -> "move it back by hand"
        else -> remedy.word.replace('_', ' ')
    }

    /** Where an item was or is: `page 3, column 2, row 1`. */
    fun place(home: StoredHome, place: Place?): String = when (place) {
        is Place.Desktop -> "page ${place.page + 1}, column ${place.x + 1}, row ${place.y + 1}"
        is Place.Dock -> "dock, ${place.index + 1}"
        is Place.Inside -> "in ${home.item(place.collection)?.title ?: "a folder"}"
        is Place.Elsewhere -> "in a folder that is gone"
        null -> "nowhere"
    }

    /** Where the home screen comes from and what it holds. */
    fun source(result: HomeResult): String = with(result) {
        "${home.name} (${home.product}): ${counted(home.items.size, "item")} on ${counted(home.pages.size, "page")}, " +
            "grid ${question.phone.grid}"
    }

    /** The whole outcome in one sentence. */
    fun verdict(result: HomeResult): String {
        val (deleted, invisible) = result.legacy.count(Fate.DELETED) to result.legacy.count(Fate.INVISIBLE)
        val legacy = "At this one start legacy deletes ${counted(deleted, "item")} and leaves $invisible invisible"
        val ferrule = when (result.lost) {
            null -> "Ferrule gave no answer"
            0 -> "Ferrule loses none"
            else -> "Ferrule loses ${result.lost}"
        }
        return "$legacy; $ferrule."
    }

    /** What the guard's comparison found. */
    fun comparison(result: HomeResult): String {
        val verdict = result.shadow.verdict ?: return "The two were not compared."
        return when (verdict.kind) {
            Verdict.Kind.MATCH -> "Both ended alike with every item."
            Verdict.Kind.EXPLAINED -> "Ferrule had foreseen what legacy did with each of the " +
                "${counted(result.home.items.size, "item")}; each that ended otherwise has its code."
            Verdict.Kind.MISMATCH -> "UNEXPLAINED: legacy did something that Ferrule had not foreseen."
        }
    }

    private const val UNKNOWN_TYPE = "unknown_item_type"

    /** Said of files that Launcher3 would not even read. */
    const val MIUI_NOTE: String =
        "Launcher3 itself starts with an empty home screen when it meets a file of MIUI's version. To compare at all, its " +
            "loader gets the same items in rows of its own version."
}
