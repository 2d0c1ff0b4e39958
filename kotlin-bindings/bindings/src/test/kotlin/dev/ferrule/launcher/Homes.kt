package dev.ferrule.launcher

import java.io.File
import java.sql.Connection
import java.sql.DriverManager

/** Home screens for tests: databases as a launcher of today writes them, and the phones that they belong to. */
object Homes {
    const val NOW: Long = 1_764_000_000_000
    val grid: ModelGrid = ModelGrid(columns = 5, rows = 6, hotseat = 5)

    /** No search bar, so that page 0 is like the others. */
    val plain: ModelFlags = ModelFlags.Builder().qsbOnFirstScreen(false).build()

    private const val TABLE = "CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER," +
        "screen INTEGER,cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER," +
        "appWidgetId INTEGER NOT NULL DEFAULT -1,icon BLOB,appWidgetProvider TEXT,modified INTEGER NOT NULL DEFAULT 0," +
        "restored INTEGER NOT NULL DEFAULT 0,profileId INTEGER DEFAULT 0,rank INTEGER NOT NULL DEFAULT 0," +
        "options INTEGER NOT NULL DEFAULT 0,appWidgetSource INTEGER NOT NULL DEFAULT -1)"

    fun connect(file: File): Connection = DriverManager.getConnection("jdbc:sqlite:$file")

    fun Connection.run(sql: String) {
        createStatement().use { it.execute(sql) }
    }

    /** An empty database of AOSP's version 32. */
    fun create(file: File): Connection = connect(file).apply {
        run("PRAGMA user_version = 32")
        run(TABLE)
    }

    /** A database with [apps] apps, twenty a page, a folder with two of them in front of each page. */
    fun database(file: File, apps: Int): File {
        create(file).use { connection ->
            connection.autoCommit = false
            for (page in 0 until (apps + PAGE - 1) / PAGE) {
                val folder = page * (PAGE + 1) + 1
                connection.insert(folder, type = 2, page = page, cell = 0, title = "Folder $page", intent = null)
                for (slot in 0 until minOf(PAGE, apps - page * PAGE)) {
                    val number = page * PAGE + slot
                    val inFolder = slot < 2
                    connection.insert(
                        folder + 1 + slot,
                        container = if (inFolder) folder else -100,
                        page = page,
                        cell = if (inFolder) 0 else slot,
                        rank = if (inFolder) slot else 0,
                        title = "App $number",
                        intent = launch("com.app$number"),
                    )
                }
            }
            connection.commit()
        }
        return file
    }

    fun launch(packageName: String): String = "#Intent;action=android.intent.action.MAIN;" +
        "category=android.intent.category.LAUNCHER;launchFlags=0x10200000;component=$packageName/.Main;end"

    fun Connection.insert(
        id: Int,
        type: Int = 0,
        container: Int = -100,
        page: Int = 0,
        cell: Int = 0,
        rank: Int = 0,
        title: String? = "App $id",
        intent: String? = launch("com.app$id"),
        widget: Pair<Int, String>? = null,
    ) {
        val names = "_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType,appWidgetId,appWidgetProvider,rank"
        prepareStatement("INSERT INTO favorites ($names) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)").use {
            val span = if (widget == null) 1 else 2
            val values = listOf(
                id, title, intent, container, page, cell % 5, cell / 5, span, span, type, widget?.first ?: -1,
                widget?.second, rank,
            )
            values.forEachIndexed { index, value -> it.setObject(index + 1, value) }
            it.executeUpdate()
        }
    }

    /** A phone of one profile on which the packages `com.app0` … are installed. */
    fun phone(apps: IntRange): PlatformSnapshot.Builder = PlatformSnapshot.Builder().apply {
        profile(serial = 0, userId = 0)
        ownPackage("com.launcher")
        bootCompleted(PlatformAnswer.YES)
        widgetProvidersKnown()
        hostWidgetIds(intArrayOf())
        for (number in apps) {
            installed("com.app$number", user = 0)
            activity(ComponentKey("com.app$number", "com.app$number.Main"), user = 0, label = "App $number")
        }
    }

    /** The files below a folder of the conformance data; none where there are no data, but a failure on a build machine. */
    fun conformance(folder: String): List<File> {
        val root = generateSequence(File("").absoluteFile) { it.parentFile }.first { File(it, "kotlin-bindings").isDirectory }
        val data = System.getenv("FERRULE_CONFORMANCE_DIR")?.let(::File) ?: root.resolve("../shared/data")
        val files = data.resolve(folder).walkTopDown().filter { it.isFile }.sorted().toList()
        check(files.isNotEmpty() || System.getenv("CI").isNullOrEmpty()) { "conformance data missing: $folder" }
        return files
    }

    private const val PAGE = 20
}
