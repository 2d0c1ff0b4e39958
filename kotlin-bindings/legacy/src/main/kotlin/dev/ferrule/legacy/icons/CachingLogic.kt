package dev.ferrule.legacy.icons

import dev.ferrule.legacy.launcher.ComponentName

/** How the cache gets what it needs of one sort of objects. */
internal interface CachingLogic<T : Any> {
    fun component(item: T): ComponentName

    fun user(item: T): Int

    fun label(item: T): String?

    /** Null if there is none: then its state is the system's. */
    fun app(item: T): AppInfo?

    /** Renders it; [BitmapInfo.BLANK] if it has no picture. */
    fun load(item: T): BitmapInfo

    fun freshness(item: T): String?
}

/** Activities: a default icon is mapped to the cache's own object, by which it is known again (icon-cache B.5). */
internal class ActivityLogic(private val cache: BaseIconCache) : CachingLogic<ActivityInfo> {
    override fun component(item: ActivityInfo) = item.component

    override fun user(item: ActivityInfo) = item.user

    override fun label(item: ActivityInfo) = item.label

    override fun app(item: ActivityInfo) = item.app

    override fun load(item: ActivityInfo): BitmapInfo {
        val icon = cache.platform.icon(item)
        if (icon != null && icon.isDefault) return cache.defaultIcon(item.user)
        return cache.drawnFor(cache.platform.factory.render(icon), item.user)
    }

    override fun freshness(item: ActivityInfo) = cache.stateForApp(item.app)
}

/** A shortcut with its app, which is asked at most once. */
internal class CachedShortcut(val info: ShortcutInfo, platform: IconPlatform) {
    val component = ComponentName(info.packageName, info.id)

    val app: AppInfo? by lazy(LazyThreadSafetyMode.NONE) {
        info.knownApp ?: platform.appInfo(info.packageName, info.user)?.takeIf(AppInfo::isUsable)
    }
}

/** Shortcuts: rows carry no user's flags, and a manifest's time of change does not count (icon-cache A.3). */
internal class ShortcutLogic(private val cache: BaseIconCache) : CachingLogic<CachedShortcut> {
    override fun component(item: CachedShortcut) = item.component

    override fun user(item: CachedShortcut) = item.info.user

    override fun label(item: CachedShortcut) = item.info.label

    override fun app(item: CachedShortcut) = item.app

    @Suppress("TooGenericExceptionCaught") // Any failure of the publisher's picture means "none".
    override fun load(item: CachedShortcut): BitmapInfo {
        val icon = try {
            cache.platform.icon(item.info)
        } catch (_: RuntimeException) {
            null
        }
        return if (icon == null) BitmapInfo.BLANK else cache.platform.factory.renderShortcut(icon)
    }

    override fun freshness(item: CachedShortcut): String =
        (if (item.info.isManifest) "" else item.info.changed.toString()) + "-" + cache.stateForApp(item.app)
}

/** Everything else: without a picture there is nothing to store. */
internal class ObjectLogic(private val cache: BaseIconCache) : CachingLogic<CachedObject> {
    override fun component(item: CachedObject) = item.component

    override fun user(item: CachedObject) = item.user

    override fun label(item: CachedObject) = item.label

    override fun app(item: CachedObject) = item.app

    override fun load(item: CachedObject): BitmapInfo {
        val icon = item.icon ?: return BitmapInfo.BLANK
        return cache.drawnFor(cache.platform.factory.render(icon), item.user)
    }

    override fun freshness(item: CachedObject) = item.freshness(cache.stateForApp(item.app))
}
