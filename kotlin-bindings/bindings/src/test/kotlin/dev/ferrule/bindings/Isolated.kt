package dev.ferrule.bindings

import java.io.File
import java.net.URLClassLoader

/**
 * Our classes once more, in a class loader of their own, as a second Robolectric sandbox would have them.
 *
 * JNA, Kotlin and JUnit stay in the parent, as they do there.
 */
internal class Isolated(library: File?) : AutoCloseable {
    private val loader: URLClassLoader = object : URLClassLoader(
        ChildJvm.classPath.map { File(it).toURI().toURL() }.toTypedArray(),
        Isolated::class.java.classLoader,
    ) {
        override fun loadClass(name: String, resolve: Boolean): Class<*> = synchronized(getClassLoadingLock(name)) {
            if (!name.startsWith("dev.ferrule.")) return super.loadClass(name, resolve)
            findLoadedClass(name) ?: findClass(name)
        }
    }

    init {
        if (library != null) {
            val native = loader.loadClass(NativeLibrary::class.java.name)
            native.getMethod("setFile", File::class.java).invoke(null, library)
        }
    }

    /** Runs `T.call()` of the class named like [task] in here; only types of the JDK may go in and out. */
    fun <T> call(task: Class<out java.util.concurrent.Callable<T>>): T {
        val inside = loader.loadClass(task.name).getDeclaredConstructor().newInstance()
        @Suppress("UNCHECKED_CAST")
        return inside.javaClass.getMethod("call").invoke(inside) as T
    }

    override fun close() = loader.close()

    companion object {
        /** A private copy of the shipped library. */
        fun copy(): File = copyOf(File(System.getProperty(NativeLibrary.FILE_PROPERTY)))

        fun copyOf(file: File): File = File.createTempFile("libferrule", ".so").also {
            it.deleteOnExit()
            file.copyTo(it, overwrite = true)
        }
    }
}
