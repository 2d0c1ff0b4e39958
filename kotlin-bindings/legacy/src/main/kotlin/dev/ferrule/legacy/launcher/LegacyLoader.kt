package dev.ferrule.legacy.launcher

/**
 * The loader of the legacy launcher: reads `favorites`, decides about each row as Launcher3 does, writes what
 * Launcher3 writes and leaves the model in memory. Flaws included: it is what a new loader is compared with.
 *
 * It is deterministic: equal rows and equal answers of the platform give equal reports and equal writes. One object
 * stands for one launcher process; what a process remembers from one load to the next is in it. Not thread safe:
 * Launcher3 has one model thread.
 *
 * ```kotlin
 * val loader = LegacyLoader(db, platform, LoaderOptions(columns = 5, rows = 5, hotseat = 5))
 * val report = loader.load()
 * println(report.workspace?.items?.size)
 * ```
 */
public class LegacyLoader internal constructor(
    private val db: FavoritesDb,
    private val platform: Platform,
    private val options: LoaderOptions,
    private val rules: RowRules,
) {
    /**
     * @param db the rows
     * @param platform the platform's services
     * @param options grid and flags
     */
    public constructor(db: FavoritesDb, platform: Platform, options: LoaderOptions) :
        this(db, platform, options, RowRules())

    /** The model; of the latest load. */
    public val model: BgDataModel = BgDataModel()

    private val applications = Applications(platform, options.supportsArchiving)
    private val sessionHelper = InstallSessionHelper(platform, applications)
    private val iconCache = IconCache(platform, options.supportsArchiving)

    /** Loads once. Errors of the database pass through. */
    @JvmOverloads
    public fun load(stopAt: StopPoint = StopPoint.NONE): LoadReport {
        val controller = ModelDbController(db)
        val sessions = sessionHelper.getActiveSessions()
        val env = LoaderEnv(platform, options, rules, controller, iconCache, applications, sessions)
        return LoaderTask(env, model, stopAt).run()
    }
}
