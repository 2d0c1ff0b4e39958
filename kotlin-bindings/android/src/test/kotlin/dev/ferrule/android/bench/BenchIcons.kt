package dev.ferrule.android.bench

import android.content.ContentValues
import android.database.sqlite.SQLiteDatabase
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.drawable.AdaptiveIconDrawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.InsetDrawable
import dev.ferrule.android.icons.IconBitmaps
import dev.ferrule.android.icons.IconBudget
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.RenderedIcon
import java.io.ByteArrayOutputStream
import java.io.File

/**
 * [count] adaptive icons that the framework has drawn, in a table of PNGs as AOSP's cache keeps them and in Ferrule's store.
 * What an earlier one has left in [folder] is opened, and nothing is drawn.
 */
internal class BenchIcons(private val folder: File, private val count: Int) : AutoCloseable {
    private val file = File(folder, "app_icons-$count.db")
    private val drawn = if (file.exists()) emptyList() else List(count, ::draw)
    private val table: SQLiteDatabase = SQLiteDatabase.openOrCreateDatabase(file, null).apply {
        if (drawn.isEmpty()) return@apply
        execSQL("CREATE TABLE icons (componentName TEXT NOT NULL, profileId INTEGER NOT NULL, icon BLOB, PRIMARY KEY (componentName, profileId))")
        beginTransaction()
        for ((number, bitmap) in drawn.withIndex()) {
            val png = ByteArrayOutputStream().also { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }.toByteArray()
            insertOrThrow("icons", null, ContentValues().apply { put("componentName", name(number)); put("profileId", 0); put("icon", png) })
        }
        setTransactionSuccessful()
        endTransaction()
    }
    private val tokens = IconTokens("l", "p")
    private val buffers = IconBuffers(IconLevel.ICON.slotBytes(SIDE))
    private val opened = lazy { open() }
    val cache: IconCache by opened

    private fun open() = IconCache.open(File(folder, "icons-$count.db"), IconOptions(SIDE, memoryBytes = BUDGET, workers = 0)) { key, _ ->
        val bitmap = drawn[key.packageName.removePrefix("com.app").toInt()]
        RenderedIcon.Builder().label(key.packageName).tokens(tokens).plain(IconPixels.picture(SIDE, SIDE, IconBitmaps.bytesOf(bitmap))).build()
    }
    private val keys = List(count) { IconKey("com.app$it", ".Main") }
    private val queries = keys.map { IconQuery(it, IconLevel.ICON, tokens, remember = false) }

    /** Puts all into the store. */
    fun store() {
        for (query in queries) buffers.take().use { cache.getInto(query, it) }
        check(sum(ferrule()) == sum(legacy())) { "the two have other pixels" }
    }

    private fun name(number: Int) = "com.app$number/com.app$number.Main"

    private fun draw(number: Int): Bitmap {
        val colours = intArrayOf(-0x1000000 or (number * 0x9E3779B1.toInt()), -0x1000000 or (number * 0x85EBCA6B.toInt()))
        val front = GradientDrawable().apply {
            shape = GradientDrawable.OVAL
            setColor(colours[0] xor 0x00ffffff)
        }
        val back = GradientDrawable(GradientDrawable.Orientation.TL_BR, colours)
        return IconBitmaps.rasterise(AdaptiveIconDrawable(back, InsetDrawable(front, 0.3f + number % 5 * 0.02f)), SIDE)
    }

    /** As AOSP's cache: one select, a bitmap decoded from each PNG. */
    fun legacy(): List<Bitmap> = (0 until count).chunked(SELECT_MAX).flatMap { numbers ->
        val names = numbers.map(::name)
        val found = HashMap<String, Bitmap>()
        val sql = "SELECT componentName, icon FROM icons WHERE profileId = 0 AND componentName IN (${names.joinToString { "?" }})"
        table.rawQuery(sql, names.toTypedArray()).use { rows ->
            while (rows.moveToNext()) {
                val png = rows.getBlob(1)
                found[rows.getString(0)] = BitmapFactory.decodeByteArray(png, 0, png.size)
            }
        }
        names.map(found::getValue)
    }

    /** One pass over the store, a bitmap of each slot. */
    fun ferrule(): List<Bitmap> = buffers.take(count).use { arena ->
        val answers = cache.getAllInto(queries, arena)
        answers.mapIndexed { slot, answer -> checkNotNull(IconBitmaps.of(answer, arena.pixels(slot))) }
    }

    /** Into the cache's own memory, for what that takes. */
    fun remember() {
        for (key in keys) buffers.take().use { cache.getInto(IconQuery(key, IconLevel.ICON, tokens), it) }
    }

    override fun close() {
        if (opened.isInitialized()) cache.close()
        table.close()
    }

    companion object {
        const val SIDE = 192

        /** A phone's of 4 GB. */
        const val BUDGET = IconBudget.FOUR_GB
        private const val SELECT_MAX = 900

        fun sum(bitmaps: List<Bitmap>): Long = bitmaps.fold(0L) { sum, bitmap ->
            val bytes = IconBitmaps.bytesOf(bitmap)
            var next = sum
            while (bytes.hasRemaining()) next = (next xor bytes.long) * 0x100000001b3L
            next
        }
    }
}
