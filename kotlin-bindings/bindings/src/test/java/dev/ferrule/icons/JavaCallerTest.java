package dev.ferrule.icons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Icons as a Java launcher calls them. */
class JavaCallerTest {
    @TempDir File folder;

    @Test
    void iconsAreLookedUpAskedForAndTakenBack() {
        IconProvider provider = (key, want) -> new RenderedIcon.Builder()
            .label(key.getPackageName())
            .tokens(new IconTokens("1", "1"))
            .plain(want.getPlain() ? IconPixels.picture(1, 1, ByteBuffer.wrap(new byte[] {1, 2, 3, 4})) : IconPixels.UNKNOWN)
            .build();
        IconBuffers buffers = new IconBuffers(IconLevel.ICON.slotBytes(1));
        IconOptions options = new IconOptions(1, 1 << 20, 0);
        try (IconCache cache = IconCache.open(new File(folder, "icons.db"), options, provider);
                IconBuffer buffer = buffers.take();
                IconBuffer arena = buffers.take(2)) {
            IconQuery query = new IconQuery(new IconKey("com.a", ".Main"));
            assertNull(cache.peekInto(query, buffer));
            assertEquals("com.a", cache.getInto(query, buffer).getLabel());
            assertEquals(0x04030201, buffer.pixels().getInt(0));
            List<IconAnswer> answers = cache.getAllInto(List.of(query, query), arena);
            assertEquals(2, answers.size());
            String[] told = new String[1];
            IconRequest request = cache.request(query, buffer, answer -> told[0] = answer == null ? "ended" : answer.getLabel());
            request.cancel();
            assertEquals("ended", told[0]);
        }
        assertEquals(0, buffers.getTaken());
    }
}
