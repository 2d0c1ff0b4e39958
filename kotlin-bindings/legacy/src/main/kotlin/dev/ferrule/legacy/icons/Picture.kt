package dev.ferrule.legacy.icons

/**
 * A picture in memory, as a bitmap of the platform is.
 *
 * @property width columns
 * @property height rows
 * @property pixels premultiplied RGBA, four bytes a pixel, row by row, [width] * [height] * 4 bytes
 */
public class Picture(public val width: Int, public val height: Int, public val pixels: ByteArray) {
    init {
        require(width > 0 && height > 0 && pixels.size == width * height * BYTES_PER_PIXEL) {
            "a picture of $width x $height has ${pixels.size} bytes"
        }
    }

    public companion object {
        /** Size of a pixel. */
        public const val BYTES_PER_PIXEL: Int = 4
    }
}

/** How pictures are kept in the table. */
public interface PictureCodec {
    /** The bytes to store. */
    public fun encode(picture: Picture): ByteArray

    /** The picture, or null if the bytes are none. */
    public fun decode(bytes: ByteArray): Picture?
}
