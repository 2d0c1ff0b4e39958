package dev.ferrule.android.platform

import android.content.Context
import android.content.pm.ActivityInfo
import android.content.pm.LauncherActivityInfo
import android.os.UserHandle

/** Makes what `LauncherApps.getActivityList` answers, whose constructors are hidden and differ by API level. */
internal object LauncherActivities {
    /** The framework keeps [activity] itself, so that a test may change it later. */
    fun of(context: Context, activity: ActivityInfo, user: UserHandle): LauncherActivityInfo {
        val plain = LauncherActivityInfo::class.java.declaredConstructors.find {
            it.parameterTypes.toList() == listOf(Context::class.java, ActivityInfo::class.java, UserHandle::class.java)
        }
        if (plain != null) return plain.apply { isAccessible = true }.newInstance(context, activity, user) as LauncherActivityInfo
        val states = Class.forName("android.content.pm.IncrementalStatesInfo").declaredConstructors
            .first { it.parameterTypes.firstOrNull() == Boolean::class.javaPrimitiveType }.apply { isAccessible = true }
        val internal = Class.forName("android.content.pm.LauncherActivityInfoInternal").declaredConstructors
            .first { it.parameterTypes.firstOrNull() == ActivityInfo::class.java }.apply { isAccessible = true }
        val given = listOf(activity, states.newInstance(*listOf<Any>(false, 1f, 0L).take(states.parameterCount).toTypedArray()), user).take(internal.parameterCount)
        val wrapped = internal.newInstance(*given.toTypedArray())
        val constructor = LauncherActivityInfo::class.java.declaredConstructors.first { it.parameterCount == 3 || it.parameterCount == 2 }
            .apply { isAccessible = true }
        val arguments = constructor.parameterTypes.map { type ->
            when (type) {
                Context::class.java -> context
                UserHandle::class.java -> user
                else -> wrapped
            }
        }
        return constructor.newInstance(*arguments.toTypedArray()) as LauncherActivityInfo
    }
}
