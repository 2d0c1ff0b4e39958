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

    internal const val ID = "_id"
    internal const val INTENT = "intent"
    internal const val RESTORED = "restored"
    internal const val APPWIDGET_ID = "appWidgetId"
    internal const val APPWIDGET_PROVIDER = "appWidgetProvider"
}

/** The columns that the loader reads, with the name in the table. */
public enum class Column(
    /** Name in the table. */
    public val sqlName: String,
) {
    ID("_id"),
    TITLE("title"),
    INTENT("intent"),
    CONTAINER("container"),
    SCREEN("screen"),
    CELL_X("cellX"),
    CELL_Y("cellY"),
    SPAN_X("spanX"),
    SPAN_Y("spanY"),
    ITEM_TYPE("itemType"),
    APPWIDGET_ID("appWidgetId"),
    ICON("icon"),
    APPWIDGET_PROVIDER("appWidgetProvider"),
    RESTORED("restored"),
    PROFILE_ID("profileId"),
    RANK("rank"),
    OPTIONS("options"),
    APPWIDGET_SOURCE("appWidgetSource"),
}

/** Why a row was deleted: the strings of Launcher3's restore events. */
public enum class RestoreError(
    /** The string that the event log carries. */
    public val text: String,
) {
    PROFILE_DELETED("user_profile_deleted"),
    APP_NO_DB_INTENT("app_no_db_intent"),
    APP_NO_TARGET_PACKAGE("app_no_target_package"),
    APP_NO_LAUNCH_INTENT("app_no_launch_intent"),
    APP_NOT_RESTORED_OR_INSTALLING("app_not_restored_or_installed"),
    APP_NOT_INSTALLED_EXTERNAL_MEDIA("app_not_installed_external_media"),
    SHORTCUT_NOT_FOUND("shortcut_not_found"),
    INVALID_WIDGET_SIZE("invalid_widget_size"),
    INVALID_WIDGET_CONTAINER("invalid_widget_container"),
    NO_SEARCH_WIDGET("no_search_widget"),
    MISSING_WIDGET_PROVIDER("missing_widget_provider"),
    INVALID_WIDGET_ID("invalid_widget_id"),
    INVALID_CUSTOM_WIDGET_ID("invalid_custom_widget_id"),
    WIDGETS_DISABLED("widgets_disabled"),
    UNSPECIFIED_WIDGET_INFLATION_RESULT("unspecified_widget_inflation_result"),
    UNRESTORED_PENDING_WIDGET("unrestored_pending_widget"),
    OVERLAPPING_ITEM("overlapping_item"),
}
