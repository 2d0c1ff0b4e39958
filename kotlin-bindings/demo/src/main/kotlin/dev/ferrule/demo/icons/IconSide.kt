package dev.ferrule.demo.icons

import java.nio.ByteBuffer
import java.nio.file.Path

/** Icons as they were handed out, until it is closed. */
internal interface Screen : AutoCloseable {
    /** The pixels of the icon at a place; null if there are none. */
    fun pixels(at: Int): ByteBuffer?
}

/** An icon cache as a launcher uses it. One is open at a time. */
internal interface IconSide : AutoCloseable {
    /** Whose it is. */
    val title: String

    /** Starts the launcher's process anew, with the cache in [file]. */
    fun start(file: Path)

    /** Shows icons: everything that has to be waited for until pixels can be seen. */
    fun show(apps: List<SampleApp>): Screen

    /** Whether an icon is shown without asking the file or the platform. It is in memory afterwards, if there is room. */
    fun glance(app: SampleApp): Boolean

    /** The platform says that apps were updated. */
    fun updated(apps: List<SampleApp>)

    /** The platform says that the theme is another one. */
    fun themed()

    /** Lets the background do all that it has to do. */
    fun settle()

    /** Bytes of memory that icons take. */
    val memoryBytes: Long

    /** Whether icons are kept on disk, and if not, why. */
    val trouble: String?
}
