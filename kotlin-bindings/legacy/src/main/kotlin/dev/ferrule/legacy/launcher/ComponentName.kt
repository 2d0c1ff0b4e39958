package dev.ferrule.legacy.launcher

/**
 * The name of a component: package and full class name. An own class, so that the loader runs on a plain JVM.
 *
 * @property packageName package that holds the component
 * @property className full class name, never abbreviated
 */
public class ComponentName(packageName: String?, className: String?) {
    public val packageName: String = packageName ?: throw NullPointerException("package name is null")
    public val className: String = className ?: throw NullPointerException("class name is null")

    /** `package/full.Class`. */
    public fun flattenToString(): String = "$packageName/$className"

    /** `package/.Class` where the class lies in the package, else as [flattenToString]. */
    public fun flattenToShortString(): String =
        if (className.startsWith("$packageName.")) {
            packageName + "/" + className.substring(packageName.length)
        } else {
            flattenToString()
        }

    override fun equals(other: Any?): Boolean =
        other is ComponentName && other.packageName == packageName && other.className == className

    /** The platform's own: the order of its hash maps shows in what the icon cache does first. */
    override fun hashCode(): Int = packageName.hashCode() + className.hashCode()

    override fun toString(): String = flattenToString()

    public companion object {
        /** Reads either form (launcher-model A.8); null if there is no `/`, or nothing after it. */
        @JvmStatic
        public fun unflattenFromString(text: String): ComponentName? {
            val slash = text.indexOf('/')
            if (slash < 0 || slash + 1 >= text.length) return null
            val packageName = text.substring(0, slash)
            val name = text.substring(slash + 1)
            return ComponentName(packageName, if (name[0] == '.') packageName + name else name)
        }
    }
}
