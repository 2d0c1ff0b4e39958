package dev.ferrule.android

import android.app.Application
import dev.ferrule.bindings.NativeLibrary
import org.junit.After
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import java.io.File
import java.nio.file.Files

/** A test on the framework of one API level. */
@RunWith(RobolectricTestRunner::class)
abstract class OnAndroid {
    protected val app: Application get() = RuntimeEnvironment.getApplication()

    /** A folder of this test's own. */
    protected val folder: File by lazy { Files.createTempDirectory("ferrule").toFile() }

    init {
        PrivateLibrary.name()
    }

    @After
    fun removeFolder() {
        folder.deleteRecursively()
    }
}

/**
 * The library under test, a copy for each class loader: Robolectric has one an API level, and a VM loads a file once for
 * one of them (build-and-test). Naming loads nothing.
 */
object PrivateLibrary {
    private val copy: File = File.createTempFile("libferrule", ".so").apply { deleteOnExit() }

    init {
        File(System.getProperty(NativeLibrary.FILE_PROPERTY)).copyTo(copy, overwrite = true)
        NativeLibrary.setFile(copy)
    }

    fun name(): File = copy
}
