package dev.ferrule.bench;

import dev.ferrule.launcher.LauncherModel;
import dev.ferrule.launcher.LoadedModel;
import dev.ferrule.launcher.PlatformSnapshot;
import dev.ferrule.legacy.launcher.LegacyLoader;
import dev.ferrule.legacy.launcher.tool.JdbcFavoritesDb;
import dev.ferrule.uniffi.HomeItem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A home screen from its file to Kotlin's objects, every field read once: by the hand-written path, by the generated
 * bindings, and by legacy. The sums of all are equal, or nothing is measured.
 *
 * <p>A load for the same phone as the one before, with nothing changed, is answered with the packed answer of that one
 * ({@link #jniLoadAgain}). What a load costs that has to decide is {@link #jniLoadAnew}: it asks for another phone each
 * time. At a start, with the store closed: {@link #jniOpenAndLoad} checks, reads and decides, {@link #jniKept} takes the
 * answer that an earlier process left.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HomeBench {
    /** Items on the home screen. */
    @Param({"100", "1000", "10000"})
    public int items;

    private Connection connection;
    private JdbcFavoritesDb rows;
    private LegacyLoader legacy;
    private File store;
    private File otherStore;
    private File keepingStore;
    private PlatformSnapshot phone;
    private PlatformSnapshot otherPhone;
    private LauncherModel model;
    private GeneratedHome generated;
    private PlatformSnapshot keptPhone;
    private List<Integer> screens;

    /** Opens the files and compares the sums. */
    @Setup
    public void open() throws IOException, SQLException {
        File home = new File(System.getProperty("ferrule.bench.homes"), "home-" + items + ".db");
        if (!home.isFile()) {
            throw new IllegalStateException(home + " is not there: run the bench model_load of the crates first");
        }
        store = HomePhone.store(home);
        otherStore = Files.createTempFile("home", ".db").toFile();
        Files.copy(store.toPath(), otherStore.toPath(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        connection = DriverManager.getConnection("jdbc:sqlite:" + home);
        rows = new JdbcFavoritesDb(connection, () -> 0L);
        legacy = HomePlatform.loader(rows);
        phone = HomePhone.of(rows);
        otherPhone = HomePhone.of(rows, 1);
        keptPhone = phone;
        File third = Files.createTempFile("home", ".db").toFile();
        Files.copy(store.toPath(), third.toPath(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        generated = new GeneratedHome(third, phone);
        keepingStore = Files.createTempFile("home", ".db").toFile();
        Files.copy(store.toPath(), keepingStore.toPath(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (LauncherModel keeping = LauncherModel.open(keepingStore, HomePhone.grid, 0)) {
            keeping.load(phone, 0, HomePhone.grid, HomePhone.flags);
            keeping.keepForNextStart(0);
        }
        model = LauncherModel.open(store, HomePhone.grid, 0);
        LoadedModel loaded = model.load(phone, 0, HomePhone.grid, HomePhone.flags);
        screens = loaded.getScreens();
        String[] ways = {"jniKept", "jniLoadAnew", "jniLoadAgain", "jniOpenAndLoad", "uniffiLoad"};
        long[] sums = {jniKept(), jniLoadAnew(), jniLoadAgain(), jniOpenAndLoad(), uniffiLoad()};
        long expected = legacyFileToModel();
        for (int way = 0; way < ways.length; way++) {
            if (sums[way] != expected) {
                throw new IllegalStateException("legacy's sum is " + expected + ", that of " + ways[way] + " " + sums[way]);
            }
        }
    }

    /** Warm, the store is open as in a running launcher, and everything is decided: the phone is another each time. */
    @Benchmark
    public long jniLoadAnew() {
        PlatformSnapshot now = otherPhone;
        otherPhone = phone;
        phone = now;
        return HomePhone.sum(model.load(now, 0, HomePhone.grid, HomePhone.flags));
    }

    /** Warm, and nothing has changed since the load before: its packed answer is unpacked again. */
    @Benchmark
    public long jniLoadAgain() {
        return HomePhone.sum(model.load(phone, 0, HomePhone.grid, HomePhone.flags));
    }

    /** From the file: the store is opened, checked, loaded and closed. */
    @Benchmark
    public long jniOpenAndLoad() {
        try (LauncherModel opened = LauncherModel.open(otherStore, HomePhone.grid, 0)) {
            return HomePhone.sum(opened.load(phone, 0, HomePhone.grid, HomePhone.flags));
        }
    }

    /** From the file: what an earlier process kept for this start; the store is not opened. */
    @Benchmark
    public long jniKept() {
        LoadedModel kept = LauncherModel.kept(keepingStore, keptPhone, HomePhone.grid, HomePhone.flags);
        return HomePhone.sum(Objects.requireNonNull(kept, "nothing is kept"));
    }

    /** Warm, a record an item by the generated bindings. */
    @Benchmark
    public long uniffiLoad() {
        List<HomeItem> loaded = generated.load();
        return GeneratedHome.sum(loaded, screens);
    }

    /** From the rows of the open database, as legacy loads. */
    @Benchmark
    public long legacyFileToModel() {
        return ModelSum.ofShown(legacy.load().getWorkspace());
    }

    /** Closes the files. */
    @TearDown
    public void close() throws SQLException {
        model.close();
        generated.close();
        rows.close();
        connection.close();
    }
}
