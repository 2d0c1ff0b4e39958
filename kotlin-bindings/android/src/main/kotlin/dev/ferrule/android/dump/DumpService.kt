package dev.ferrule.android.dump

import android.app.Service
import android.content.ContentProvider
import android.content.ContentValues
import android.content.Intent
import android.database.Cursor
import android.net.Uri
import android.os.Bundle
import android.os.IBinder
import android.os.ParcelFileDescriptor
import java.io.FileDescriptor
import java.io.FileNotFoundException
import java.io.FileOutputStream
import java.io.PrintWriter

/**
 * A service that answers `dumpsys activity service PACKAGE/.CLASS status`, and by its binder all commands. A launcher
 * derives from it and names the class in its manifest.
 */
public abstract class DumpService : Service() {
    /** What answers; asked for each command. */
    protected abstract fun commands(): CommandSource

    /** Who may ask the binder. */
    protected open fun callers(): Callers = Callers(this)

    override fun onBind(intent: Intent?): IBinder = DumpBinder(this, { commands().answer(it) }, callers())

    /**
     * Answers what only reads. The system calls this outside of any transaction, so who asks cannot be known here: it is
     * somebody who holds `android.permission.DUMP`, and to change something takes more.
     */
    override fun dump(fd: FileDescriptor?, out: PrintWriter, arguments: Array<String>?) {
        out.print(ReadingCommands(commands()).answer(arguments.orEmpty().toList()).text)
        out.flush()
    }
}

/**
 * Hands the report out as one file of JSON Lines: `content read --uri content://AUTHORITY/report`. A launcher derives from it
 * and names the class in its manifest. It has no rows.
 */
public abstract class ReportProvider : ContentProvider() {
    /** The report; asked for at each opening. */
    protected abstract fun report(): String

    /** Who may read it. */
    protected open fun callers(): Callers = Callers(checkNotNull(context))

    override fun onCreate(): Boolean = true

    /** @throws SecurityException if the caller may not ask */
    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        callers().enforce()
        if (uri.lastPathSegment != "report" || mode != "r") throw FileNotFoundException("only report, to be read: $uri")
        val text = report().toByteArray()
        return openPipeHelper(uri, getType(uri), Bundle.EMPTY, text) { output, _, _, _, bytes ->
            FileOutputStream(output.fileDescriptor).run {
                write(bytes)
                flush()
            }
        }
    }

    override fun getType(uri: Uri): String = "application/x-ndjson"

    override fun query(uri: Uri, columns: Array<String>?, where: String?, arguments: Array<String>?, order: String?): Cursor? = null

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun update(uri: Uri, values: ContentValues?, where: String?, arguments: Array<String>?): Int = 0

    override fun delete(uri: Uri, where: String?, arguments: Array<String>?): Int = 0
}
