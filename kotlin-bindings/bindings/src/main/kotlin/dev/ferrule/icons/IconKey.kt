package dev.ferrule.icons

import dev.ferrule.bindings.InvalidInputException

/**
 * Whose icon: a component in a profile. The package itself is a component too, see [ofPackage].
 *
 * Compared byte for byte: nothing is trimmed, folded or guessed. For Java and Kotlin alike.
 *
 * ```kotlin
 * val camera = IconKey("com.camera", ".Main", profile = 0)
 * ```
 */
public class IconKey @JvmOverloads constructor(
    /** The package. */
    public val packageName: String,
    className: String,
    /** The profile's serial number, as the user manager gives it; never a user id. */
    public val profile: Long = 0,
) {
    /** The full class name; one that begins with a full stop was taken as relative to the package. */
    public val className: String = if (className.startsWith(".")) packageName + className else className

    /** Whether it is the package itself. */
    public val isPackage: Boolean get() = className == "$packageName."

    override fun equals(other: Any?): Boolean = other is IconKey &&
        profile == other.profile && packageName == other.packageName && className == other.className

    override fun hashCode(): Int = (packageName.hashCode() * 31 + className.hashCode()) * 31 + profile.hashCode()

    /** `package/class#profile`. */
    override fun toString(): String = "$packageName/$className#$profile"

    public companion object {
        /** The package itself in a profile: what stands for the application. */
        @JvmStatic
        @JvmOverloads
        public fun ofPackage(packageName: String, profile: Long = 0): IconKey = IconKey(packageName, ".", profile)

        /**
         * Reads a flattened component, `package/class` or `package/.Class`.
         *
         * @throws InvalidInputException `FFI_ARGUMENT_INVALID` if it is none
         */
        @JvmStatic
        @JvmOverloads
        public fun of(component: String, profile: Long = 0): IconKey {
            val at = component.indexOf('/')
            if (at < 0 || at == component.length - 1) {
                throw InvalidInputException("FFI_ARGUMENT_INVALID", "not a component", component)
            }
            return IconKey(component.substring(0, at), component.substring(at + 1), profile)
        }
    }
}

/** What of an icon is asked for. */
public enum class IconLevel(internal val bytesPerPixel: Int) {
    /** Title and colour; no pixels. */
    COLOUR(0),

    /** And the icon. */
    ICON(4),

    /** And its monochrome form, which lies behind the icon. */
    THEMED(5),

    /** The icon for dark surroundings, or the icon itself where there is none. */
    DARK(4),
    ;

    /** The bytes of a slot for icons of [sizePx], a multiple of four. */
    public fun slotBytes(sizePx: Int): Int {
        if (sizePx !in 1..SIDE_MAX) throw InvalidInputException("FFI_ARGUMENT_INVALID", "side of icons is not known", "$sizePx")
        return (sizePx * sizePx * bytesPerPixel + 3) / 4 * 4
    }

    private companion object {
        private const val SIDE_MAX = 1024
    }
}

/** What label and pixels were made from, or have to be made from now; compared byte for byte. */
public class IconTokens(
    /** Of the label: language, system, what is installed. */
    public val label: String,
    /** Of the pixels: shape and theme, system, what is installed. */
    public val pixels: String,
) {
    override fun equals(other: Any?): Boolean = other is IconTokens && label == other.label && pixels == other.pixels

    override fun hashCode(): Int = label.hashCode() * 31 + pixels.hashCode()

    // Tokens hold paths of installed packages, which are nobody's business in a log.
    override fun toString(): String = "IconTokens(${Integer.toHexString(hashCode())})"
}

/** How soon an icon is needed; the first goes first. */
public enum class IconPriority {
    /** It is on the screen. */
    VISIBLE,

    /** It is about to be: the next page, a drawer that is scrolling. */
    NEAR,

    /** Nobody is looking. */
    BACKGROUND,
}
