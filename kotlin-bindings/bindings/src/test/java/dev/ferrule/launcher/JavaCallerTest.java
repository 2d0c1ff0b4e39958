package dev.ferrule.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The home screen as a Java launcher calls it. */
class JavaCallerTest {
    @TempDir File folder;

    @Test
    void aHomeScreenIsOpenedLoadedAndBound() {
        File backup = Homes.INSTANCE.database(new File(folder, "launcher.db"), 3);
        long now = Homes.NOW;
        try (LauncherModel model = LauncherModel.open(new File(folder, "home.db"), new ModelGrid(5, 6, 5), now)) {
            ImportReport report = model.importFile(backup, now);
            assertEquals("aosp", report.getProduct());
            PlatformSnapshot.Builder phone = new PlatformSnapshot.Builder().profile(0, 0);
            for (int app = 0; app < 3; app++) {
                String name = "com.app" + app;
                phone.installed(name, 0).activity(new ComponentKey(name, name + ".Main"), 0, "App " + app);
            }
            LoadedModel loaded = model.load(phone.build(), now);
            for (ItemInfo item : loaded.getItems()) {
                assertEquals(ItemState.LIVE, item.getState());
            }
            Shown shown = new Shown();
            model.bind(shown, Runnable::run);
            assertEquals(List.of("Folder 0", "App 2"), shown.titles);
            assertTrue(shown.isFinished);
        }
    }

    private static final class Shown implements ModelCallbacks {
        final List<String> titles = new ArrayList<>();
        boolean isFinished;

        @Override
        public Set<Integer> getPagesToBindSynchronously(List<Integer> orderedScreenIds) {
            return Set.of(orderedScreenIds.get(0));
        }

        @Override
        public void clearPendingBinds() {}

        @Override
        public void startBinding() {
            titles.clear();
        }

        @Override
        public void setIsFirstPagePinnedItemEnabled(boolean isEnabled) {}

        @Override
        public void bindScreens(List<Integer> orderedScreenIds) {}

        @Override
        public void bindItems(List<? extends ItemInfo> items) {
            items.forEach(item -> titles.add(item.getTitle()));
        }

        @Override
        public void onInitialBindComplete(Set<Integer> boundPages) {}

        @Override
        public void finishBindingItems(Set<Integer> pagesBoundFirst) {
            isFinished = true;
        }

        @Override
        public void bindItemsAdded(List<? extends ItemInfo> items) {}

        @Override
        public void bindItemsModified(List<? extends ItemInfo> items) {}

        @Override
        public void bindItemsRemoved(List<? extends ItemInfo> items) {}
    }
}
