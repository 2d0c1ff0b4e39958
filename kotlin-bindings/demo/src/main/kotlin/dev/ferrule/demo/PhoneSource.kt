package dev.ferrule.demo

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.isDirectory
import kotlin.io.path.name

/** Finds phones: the samples that the project ships, or those in files and folders that somebody names. */
internal object PhoneSource {
    private const val SAMPLES = "/phones/"
    private const val FACTS = "phone.properties"
    private val wholeNames = listOf("build.prop", "default.prop")
    private val ENDINGS = listOf(".prop", ".getprop", "getprop.txt")
    private const val FILE_MAX_BYTES = 64L shl 20

    /** The project's sample phones, from this program's own resources. */
    fun samples(): List<Phone> {
        val index = checkNotNull(resource("index.txt")) { "the sample phones are not on the class path" }
        val folders = index.decodeToString().lines().map { it.trim() }.filter { it.isNotEmpty() && !it.startsWith("#") }
        return folders.map { folder ->
            val files = PropertyReader.partitions.mapNotNull { part ->
                resource("$folder/$part.prop")?.let { PropertyFile("$part.prop", it) }
            }
            phone(folder, folder, files, resource("$folder/$FACTS"))
        }
    }

    private fun resource(name: String): ByteArray? =
        PhoneSource::class.java.getResourceAsStream(SAMPLES + name)?.use { it.readBytes() }

    /**
     * The phones at a path. A file is one phone. A folder with files named after partitions, or with [FACTS], is one
     * phone; any other folder holds one phone in each of its files and folders.
     *
     * @throws UnreadableInput if something is not there, holds nothing or may not be read
     */
    fun at(path: Path): List<Phone> {
        if (!path.isDirectory()) {
            return listOf(phone(path.name, path.toString(), listOf(PropertyFile(path.name, read(path))), null))
        }
        val entries = list(path)
        if (isOnePhone(path)) return listOf(folderPhone(path))
        val phones = entries.filter { it.isDirectory() || ENDINGS.any(it.name::endsWith) }
            .flatMap { entry -> if (entry.isDirectory()) listOf(folderPhone(entry)) else at(entry) }
        if (phones.isEmpty()) {
            val wanted = ENDINGS.joinToString(" or ")
            val why = if (entries.isEmpty()) "the folder is empty" else "no file in this folder ends in $wanted"
            throw UnreadableInput(path.toString(), why)
        }
        return phones
    }

    private fun isOnePhone(folder: Path): Boolean =
        list(folder).any { !it.isDirectory() && (it.name == FACTS || isProperties(it)) }

    /** A name that only makes sense as one of a phone's several files; `a_phone.prop` is a phone by itself. */
    private fun isProperties(path: Path): Boolean =
        path.name in wholeNames || PropertyReader.partitions.any { path.name == "$it.prop" }

    private fun folderPhone(folder: Path): Phone {
        val files = walk(folder).filter { it.name.endsWith(".prop") }
        if (files.isEmpty()) throw UnreadableInput(folder.toString(), "no .prop file in this folder")
        val facts = folder.resolve(FACTS)
        return phone(
            folder.name,
            folder.toString(),
            files.map { PropertyFile(folder.relativize(it).toString(), read(it)) },
            if (Files.exists(facts)) read(facts) else null,
        )
    }

    private fun phone(name: String, origin: String, files: List<PropertyFile>, facts: ByteArray?): Phone {
        val described = PhoneDescription.parse("$origin/$FACTS", facts?.decodeToString().orEmpty())
        return Phone(described.name ?: name, described.about, origin, files, described.facts)
    }

    /**
     * The bytes of one file.
     *
     * @throws UnreadableInput if it is not there, is no file or may not be read
     */
    fun read(path: Path): ByteArray = guarded(path) {
        if (Files.exists(path) && !Files.isRegularFile(path)) throw UnreadableInput(path.toString(), "not a file")
        val bytes = Files.size(path)
        if (bytes > FILE_MAX_BYTES) throw UnreadableInput(path.toString(), "$bytes bytes, more than $FILE_MAX_BYTES")
        Files.readAllBytes(path)
    }

    private fun list(folder: Path): List<Path> = guarded(folder) { Files.list(folder).use { it.sorted().toList() } }

    private fun walk(folder: Path): List<Path> =
        list(folder).flatMap { if (it.isDirectory()) walk(it) else listOf(it) }

    private fun <T> guarded(path: Path, read: () -> T): T = try {
        read()
    } catch (failure: IOException) {
        throw UnreadableInput(path.toString(), cause(failure))
    }
}
