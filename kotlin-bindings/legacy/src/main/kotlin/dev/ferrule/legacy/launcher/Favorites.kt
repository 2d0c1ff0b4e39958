package dev.ferrule.legacy.launcher

/** Numbers and names of the table `favorites` at schema version 32 (launcher-model A.1–A.5). */
public object Favorites {
    /** The table. */
    public const val TABLE_NAME: String = "favorites"

    /** Application: intent with an explicit component. */
    public const val ITEM_TYPE_APPLICATION: Int = 0

    /** Folder. */
    public const val ITEM_TYPE_FOLDER: Int = 2

    /** Widget of the widget host. */
    public const val ITEM_TYPE_APPWIDGET: Int = 4

    /** Launcher-internal widget. */
    public const val ITEM_TYPE_CUSTOM_APPWIDGET: Int = 5

    /** Pinned shortcut. */
    public const val ITEM_TYPE_DEEP_SHORTCUT: Int = 6

    /** Pair of apps. */
    public const val ITEM_TYPE_APP_PAIR: Int = 10

    /** Workspace pages. */
    public const val CONTAINER_DESKTOP: Int = -100

    /** The dock. */
    public const val CONTAINER_HOTSEAT: Int = -101

    /** Widget ids at or below this are launcher-internal. */
    public const val CUSTOM_WIDGET_ID: Int = -100

    /** The first page; the search bar may reserve its first row. */
    public const val FIRST_SCREEN_ID: Int = 0

    internal const val INTENT = "intent"
    internal const val RESTORED = "restored"
    internal const val APPWIDGET_ID = "appWidgetId"
    internal const val APPWIDGET_PROVIDER = "appWidgetProvider"
}

/** The columns that the loader reads, in the order in which they are asked for. Meanings: launcher-model A.1. */
public enum class Column(
    /** Name in the table. */
    public val sqlName: String,
) {
    /** Row id. */
    ID("_id"),
    /** Label. */
    TITLE("title"),
    /** Intent text. */
    INTENT("intent"),
    /** Where the item lies. */
    CONTAINER("container"),
    /** Page, or index in the dock. */
    SCREEN("screen"),
    /** Column of the top left cell. */
    CELL_X("cellX"),
    /** Row of the top left cell. */
    CELL_Y("cellY"),
    /** Width in cells. */
    SPAN_X("spanX"),
    /** Height in cells. */
    SPAN_Y("spanY"),
    /** Type, see [Favorites]. */
    ITEM_TYPE("itemType"),
    /** Widget id of the host. */
    APPWIDGET_ID("appWidgetId"),
    /** Picture, PNG bytes. */
    ICON("icon"),
    /** Component of the widget provider. */
    APPWIDGET_PROVIDER("appWidgetProvider"),
    /** State bits of a restore. */
    RESTORED("restored"),
    /** Profile serial. */
    PROFILE_ID("profileId"),
    /** Order in a collection. */
    RANK("rank"),
    /** Option bits. */
    OPTIONS("options"),
    /** Where the widget was added from. */
    APPWIDGET_SOURCE("appWidgetSource"),
}

/** Why a row was deleted: the strings of Launcher3's restore events. */
public enum class RestoreError(
    /** The string that the event log carries. */
    public val text: String,
) {
    /** The profile is unknown. */
    PROFILE_DELETED("user_profile_deleted"),
    /** No intent, or one that is not well formed. */
    APP_NO_DB_INTENT("app_no_db_intent"),
    /** The intent names neither component nor package. */
    APP_NO_TARGET_PACKAGE("app_no_target_package"),
    /** The activity is gone and the package has no other. */
    APP_NO_LAUNCH_INTENT("app_no_launch_intent"),
    /** The package never came after a restore. */
    APP_NOT_RESTORED_OR_INSTALLING("app_not_restored_or_installed"),
    /** The package is gone and nothing says that it comes back. */
    APP_NOT_INSTALLED_EXTERNAL_MEDIA("app_not_installed_external_media"),
    /** The shortcut is not pinned any more. */
    SHORTCUT_NOT_FOUND("shortcut_not_found"),
    /** A span of the widget is not positive. */
    INVALID_WIDGET_SIZE("invalid_widget_size"),
    /** The widget is neither on the desktop nor in the dock. */
    INVALID_WIDGET_CONTAINER("invalid_widget_container"),
    /** There is no search component. */
    NO_SEARCH_WIDGET("no_search_widget"),
    /** No provider of the component. */
    MISSING_WIDGET_PROVIDER("missing_widget_provider"),
    /** No provider of the widget id. */
    INVALID_WIDGET_ID("invalid_widget_id"),
    /** No launcher-internal widget of the component. */
    INVALID_CUSTOM_WIDGET_ID("invalid_custom_widget_id"),
    /** The build has no widgets. */
    WIDGETS_DISABLED("widgets_disabled"),
    /** A complete widget lost its provider. */
    UNSPECIFIED_WIDGET_INFLATION_RESULT("unspecified_widget_inflation_result"),
    /** Nothing ever started to restore the widget. */
    UNRESTORED_PENDING_WIDGET("unrestored_pending_widget"),
    /** The place is taken or outside the grid. */
    OVERLAPPING_ITEM("overlapping_item"),
}
