package dev.ferrule.launcher

/** The size of a home screen in cells. Columns and rows are 1 to 64, dock slots 0 to 64. */
public data class ModelGrid @JvmOverloads constructor(
    /** Columns of a page. */
    public val columns: Int,
    /** Rows of a page. */
    public val rows: Int,
    /** Slots of the dock. */
    public val hotseat: Int,
    /** Columns that a pinned search bar takes in row 0 of page 0. */
    public val searchColumns: Int = columns,
    /** Columns of a folder's page; with its rows they decide which icons its preview shows. */
    public val folderColumns: Int = 4,
    /** Rows of a folder's page. */
    public val folderRows: Int = 4,
)

/** Switches of the launcher's build and settings. */
public class ModelFlags private constructor(builder: Builder) {
    internal val bits: Int = builder.bits

    /** Makes flags; everything that is not set is as in AOSP's build. */
    public class Builder {
        internal var bits = QSB_ON_FIRST_SCREEN or SMARTSPACE_ENABLED or SUPPORT_ARCHIVING or APP_PAIRS or WIDGETS

        /** The build pins a search bar to the first page; on if not set. */
        public fun qsbOnFirstScreen(isOn: Boolean): Builder = set(QSB_ON_FIRST_SCREEN, isOn)

        /** The user can remove the search bar; off if not set. */
        public fun smartspaceRemovalToggle(isOn: Boolean): Builder = set(SMARTSPACE_REMOVAL_TOGGLE, isOn)

        /** The setting behind that toggle; on if not set. */
        public fun smartspaceEnabled(isOn: Boolean): Builder = set(SMARTSPACE_ENABLED, isOn)

        /** The search bar is a real widget of the first page; off if not set. */
        public fun firstPageWidget(isOn: Boolean): Builder = set(FIRST_PAGE_WIDGET, isOn)

        /** Archived apps are supported; on if not set. */
        public fun supportArchiving(isOn: Boolean): Builder = set(SUPPORT_ARCHIVING, isOn)

        /** App pairs are enabled; on if not set. */
        public fun appPairs(isOn: Boolean): Builder = set(APP_PAIRS, isOn)

        /** Widgets are enabled; on if not set. */
        public fun widgets(isOn: Boolean): Builder = set(WIDGETS, isOn)

        /** The flags. */
        public fun build(): ModelFlags = ModelFlags(this)

        private fun set(bit: Int, isOn: Boolean) = apply { bits = if (isOn) bits or bit else bits and bit.inv() }
    }

    public companion object {
        private const val QSB_ON_FIRST_SCREEN = 1
        private const val SMARTSPACE_REMOVAL_TOGGLE = 2
        private const val SMARTSPACE_ENABLED = 4
        private const val FIRST_PAGE_WIDGET = 8
        private const val SUPPORT_ARCHIVING = 16
        private const val APP_PAIRS = 32
        private const val WIDGETS = 64

        /** AOSP's build. */
        @JvmField
        public val AOSP: ModelFlags = Builder().build()
    }
}
