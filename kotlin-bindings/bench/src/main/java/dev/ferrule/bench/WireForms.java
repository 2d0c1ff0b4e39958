package dev.ferrule.bench;

import com.google.protobuf.CodedInputStream;
import dev.ferrule.launcher.AppPairInfo;
import dev.ferrule.launcher.CollectionInfo;
import dev.ferrule.launcher.ComponentKey;
import dev.ferrule.launcher.FolderInfo;
import dev.ferrule.launcher.IconSource;
import dev.ferrule.launcher.ItemBase;
import dev.ferrule.launcher.ItemInfo;
import dev.ferrule.launcher.ItemState;
import dev.ferrule.launcher.LauncherAppWidgetInfo;
import dev.ferrule.launcher.UnavailableItemInfo;
import dev.ferrule.launcher.WorkspaceItemInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One loaded model in each form that was considered, from the test-only library {@code ferrule_wire_bench}.
 *
 * <p>Protobuf is read by hand with javalite's stream: no message objects are made on the way, so it is faster than what
 * protoc generates would be.
 */
final class WireForms {
    private static final ItemState[] STATES = ItemState.values();
    /** In the order of the core. */
    private static final IconSource[] SOURCES = {
        IconSource.ACTIVITY, IconSource.BLOB, IconSource.SHORTCUT, IconSource.PACKAGE, IconSource.LOW, IconSource.DEFAULT,
    };

    private WireForms() {}

    static native int load(String file);

    static native int packed(ByteBuffer buffer);

    static native int protobuf(ByteBuffer buffer);

    static native int protobufTable(ByteBuffer buffer);

    /** Reads a model; texts are where they belong, or in a table at its end. */
    static List<ItemInfo> read(ByteBuffer buffer, int size, boolean withTable) throws IOException {
        ByteBuffer bytes = buffer.duplicate();
        bytes.position(0).limit(size);
        String[] texts = withTable ? table(bytes.duplicate()) : null;
        List<ItemInfo> items = new ArrayList<>();
        Map<Long, ItemInfo> byId = new HashMap<>();
        List<long[]> contents = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag >>> 3 == 2) {
                int end = in.pushLimit(in.readRawVarint32());
                ItemInfo item = new Reader(in, texts).item(contents);
                in.popLimit(end);
                items.add(item);
                byId.put(item.getId(), item);
            } else {
                in.skipField(tag);
            }
        }
        for (long[] pair : contents) {
            ((CollectionInfo) byId.get(pair[0])).membersWhileMade().add(byId.get(pair[1]));
        }
        return items;
    }

    /** The table, which prost writes behind the items. */
    private static String[] table(ByteBuffer bytes) throws IOException {
        List<String> texts = new ArrayList<>();
        texts.add(null);
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag >>> 3 == 3) {
                texts.add(in.readString());
            } else {
                in.skipField(tag);
            }
        }
        return texts.toArray(new String[0]);
    }

    /** Reads one item. */
    private static final class Reader {
        private final CodedInputStream in;
        private final String[] table;
        private final int[] places = new int[8];
        private final int[] numbers = new int[8];
        private final String[] texts = new String[5];
        private long id;
        private long profile;
        private int kind;
        private int state;

        Reader(CodedInputStream in, String[] table) {
            this.in = in;
            this.table = table;
        }

        ItemInfo item(List<long[]> contents) throws IOException {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = tag >>> 3;
                switch (field) {
                    case 1:
                        id = in.readInt64();
                        break;
                    case 2:
                        kind = in.readUInt32();
                        break;
                    case 3:
                        state = in.readUInt32();
                        break;
                    case 12:
                        profile = in.readInt64();
                        break;
                    case 13:
                        int end = in.pushLimit(in.readRawVarint32());
                        for (int at = 0; in.getBytesUntilLimit() > 0; at++) numbers[at] = in.readSInt32();
                        in.popLimit(end);
                        break;
                    case 14:
                        int last = in.pushLimit(in.readRawVarint32());
                        while (in.getBytesUntilLimit() > 0) contents.add(new long[] {id, in.readInt64()});
                        in.popLimit(last);
                        break;
                    case 15:
                    case 16:
                    case 17:
                    case 18:
                    case 19:
                        texts[field - 15] = in.readString();
                        break;
                    case 20:
                        int close = in.pushLimit(in.readRawVarint32());
                        for (int at = 0; in.getBytesUntilLimit() > 0; at++) texts[at] = table[in.readUInt32()];
                        in.popLimit(close);
                        break;
                    default:
                        places[field - 4] = in.readSInt32();
                }
            }
            return make();
        }

        private ItemInfo make() {
            ItemBase base = new ItemBase(id, places[0], places[1], places[2], places[3], places[4], places[5], places[6],
                    places[7], texts[0], profile, STATES[state], "LM_LOADED", null);
            ComponentKey component = texts[3] == null ? null : new ComponentKey(texts[2], texts[3]);
            switch (kind) {
                case 1:
                case 2:
                    return new WorkspaceItemInfo(base, numbers[0], numbers[1], numbers[2], SOURCES[numbers[3]], texts[1],
                            component, texts[4]);
                case 3:
                    return new FolderInfo(base, numbers[0]);
                case 4:
                    return new AppPairInfo(base);
                case 5:
                    return new LauncherAppWidgetInfo(base, numbers[0], component, numbers[1], numbers[2], numbers[3],
                            numbers[4], numbers[5], (numbers[6] & 1) != 0, (numbers[6] & 2) != 0, numbers[7], null);
                default:
                    return new UnavailableItemInfo(base, false, component, null);
            }
        }
    }
}
