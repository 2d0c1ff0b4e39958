package dev.ferrule.legacy.launcher

/**
 * The chosen grid and the build's flags.
 *
 * @property columns columns of a page
 * @property rows rows of a page
 * @property hotseat places of the dock as the database counts them
 * @property searchColumns columns that the search bar covers in the first row
 * @property folderColumns most columns of a folder
 * @property folderRows most rows of a folder
 * @property hasQsbOnFirstScreen build constant: the first page starts with a search bar
 * @property hasFirstPageWidget the search bar is a real widget, so it reserves nothing
 * @property hasSmartspaceRemovalToggle the user may remove the search bar
 * @property isSmartspaceEnabled what the user chose
 * @property supportsArchiving archived apps are kept
 * @property hasAppPairs app pairs are known
 * @property hasWidgets the build has widgets
 * @property isCurrentDb whether the file that is loaded is the grid's own; previews load others
 */
public class LoaderOptions(
    public val columns: Int,
    public val rows: Int,
    public val hotseat: Int,
    public val searchColumns: Int = columns,
    public val folderColumns: Int = 4,
    public val folderRows: Int = 4,
    public val hasQsbOnFirstScreen: Boolean = true,
    public val hasFirstPageWidget: Boolean = false,
    public val hasSmartspaceRemovalToggle: Boolean = false,
    public val isSmartspaceEnabled: Boolean = true,
    public val supportsArchiving: Boolean = true,
    public val hasAppPairs: Boolean = true,
    public val hasWidgets: Boolean = true,
    public val isCurrentDb: Boolean = true,
)
