package dev.ferrule.android.launcher.guide

import android.content.Context
import android.os.Handler
import dev.ferrule.android.icons.IconUpdates
import dev.ferrule.android.icons.LiveIcons
import dev.ferrule.android.launcher.FollowedHome
import dev.ferrule.android.launcher.FollowedIcons
import dev.ferrule.android.launcher.PlatformFollower
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconNoticeListener
import java.util.concurrent.Executor

/** Keeps what a launcher shows at what the platform says. */
class FollowingLauncher(
    context: Context,
    launcher: MovedLauncher,
    cache: IconCache,
    live: LiveIcons,
    modelThread: Handler,
    iconThread: Executor,
    showAgain: IconNoticeListener,
) {
    private val follower = PlatformFollower(
        context,
        modelThread,
        FollowedIcons(IconUpdates(context, cache, live), iconThread, showAgain),
        FollowedHome({ modelThread.post(it) }, { launcher.home.load() }),
    )

    fun onFirstScreenShown() = follower.start()

    fun onDestroy() = follower.close()
}
