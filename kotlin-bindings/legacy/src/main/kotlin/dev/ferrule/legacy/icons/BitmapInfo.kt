package dev.ferrule.legacy.icons

/**
 * What a view draws: a picture with its colour, its badges and its monochrome form.
 *
 * A low-res one holds the shared [LOW_RES_PICTURE], compared by identity: it draws as a placeholder in [color].
 *
 * @property picture the icon, shape and shadow in it, badges not
 * @property color dominant colour, AARRGGBB
 * @property flags bits of [IconFlag], drawn as badges
 * @property mono themed form: one alpha byte a pixel, or null
 * @property canPersist false for an icon that moves by itself, such as a clock's
 * @property badge a nested badge, for a shortcut: whose it is
 */
public class BitmapInfo(
    public val picture: Picture,
    public val color: Int,
    public val flags: Int = 0,
    public val mono: ByteArray? = null,
    canPersist: Boolean = true,
    public val badge: BitmapInfo? = null,
) {
    /** Whether there is a colour only. */
    public val isLowRes: Boolean get() = picture === LOW_RES_PICTURE

    /** Whether a row may hold the picture. */
    public val canPersist: Boolean = canPersist && !isLowRes

    /** The same with other flags; itself if they are the same. */
    public fun withFlags(flags: Int): BitmapInfo =
        if (flags == this.flags) this else BitmapInfo(picture, color, flags, mono, canPersist, badge)

    /** The same with a nested badge. */
    public fun withBadge(badge: BitmapInfo?): BitmapInfo = BitmapInfo(picture, color, flags, mono, canPersist, badge)

    public companion object {
        /** The picture of everything that has none. */
        @JvmField
        public val LOW_RES_PICTURE: Picture = Picture(1, 1, ByteArray(Picture.BYTES_PER_PIXEL))

        /** Nothing known, not even a colour. */
        @JvmField
        public val BLANK: BitmapInfo = BitmapInfo(LOW_RES_PICTURE, 0)
    }
}

/** Bits of the column `flags` (icon-cache A.1). */
public object IconFlag {
    /** Of a work profile. */
    public const val WORK: Int = 1

    /** An app that is not installed, but runs. */
    public const val INSTANT: Int = 2

    /** Of a cloned profile. */
    public const val CLONE: Int = 4

    /** Of a private profile. */
    public const val PRIVATE: Int = 8
}
