package dev.ferrule.demo.home

/**
 * Items that lay in one place and ended alike, to be told in one line.
 *
 * @property forks at least one
 */
internal class Story(val forks: List<Fork>) {
    val first: Fork
        get() = forks.first()

    /** `Blocks, Marbles and 13 more`. */
    val title: String
        get() = when {
            forks.size == 1 -> first.item.title
            forks.size <= FEW -> forks.joinToString { it.item.title }
            else -> forks.take(FEW - 1).joinToString { it.item.title } + " and ${forks.size - FEW + 1} more"
        }

    /** What would bring them back, for what is not on the screen; null if nothing has to. */
    val remedy: String?
        get() {
            if (first.ferrule.fate == Fate.SHOWN) return null
            val all = forks.mapNotNull { it.ferrule.remedies.firstOrNull() }.distinct()
            return all.firstOrNull()?.plus(if (all.size > 1) " and ${all.size - 1} more" else "")
        }

    /** All titles. */
    val titles: String
        get() = forks.joinToString { it.item.title }

    companion object {
        private const val FEW = 3

        /** What differs, in the order of the screen; the contents of one folder together if they ended alike. */
        fun all(result: HomeResult): List<Story> {
            val order = compareBy<Fork>(
                { result.home.pageOf(it.item) ?: Int.MAX_VALUE },
                { result.home.item((it.item.place as? Place.Inside)?.collection ?: it.item.id)?.id },
                { it.item.place is Place.Inside },
                { it.item.id },
            )
            return result.forks.filter { it.differs }.sortedWith(order).groupBy { fork ->
                val place = fork.item.place as? Place.Inside
                if (place == null) fork.item.id else listOf(place.collection, fork.legacy.code, fork.ferrule.code)
            }.values.map(::Story)
        }
    }
}
