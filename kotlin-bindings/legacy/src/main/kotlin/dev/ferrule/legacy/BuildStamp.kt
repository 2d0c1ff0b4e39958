package dev.ferrule.legacy

/** What `ro.build.version.incremental` says, for those parts of the check that read it with care. */
internal class BuildStamp private constructor(val kind: Kind, val number: Int?) {
    enum class Kind { HYPEROS, MIUI, GO, WEEKLY, FOREIGN, NONE }

    companion object {
        private val numbered = Regex("""(OS|V|A)(\d{1,3})\.\d+\..+""")
        private val weekly = Regex("""\d{1,2}\.\d{1,2}\.\d{1,2}""")

        fun of(incremental: String): BuildStamp {
            if (incremental.isEmpty()) return BuildStamp(Kind.NONE, null)
            if (weekly.matches(incremental)) return BuildStamp(Kind.WEEKLY, null)
            val match = numbered.matchEntire(incremental) ?: return BuildStamp(Kind.FOREIGN, null)
            val number = match.groupValues[2].toInt()
            return when (match.groupValues[1]) {
                "OS" -> BuildStamp(Kind.HYPEROS, number)
                "A" -> BuildStamp(Kind.GO, null)
                else -> if (number == HYPEROS_1) BuildStamp(Kind.HYPEROS, 1) else BuildStamp(Kind.MIUI, number)
            }
        }

        /** The number that HyperOS 1 carries where MIUI carried its version. */
        const val HYPEROS_1 = 816
    }
}
