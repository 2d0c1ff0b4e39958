package dev.ferrule.android.platform

import android.appwidget.AppWidgetProviderInfo
import dev.ferrule.android.os.attempt
import dev.ferrule.launcher.PlatformAnswer
import dev.ferrule.launcher.PlatformSnapshot

/** What the widget service said; gathered whole before any of it is used, as the question may be given up. */
internal class Widgets private constructor(
    private val state: LauncherState,
    private val providers: List<Pair<Long, AppWidgetProviderInfo>>?,
    private val hostIds: IntArray?,
    private val bound: List<Bound>,
    private val mayBind: Boolean?,
    val failures: List<PlatformFailure>,
) {
    private class Bound(val id: Int, val user: Long, val provider: AppWidgetProviderInfo, val isRestored: Boolean)

    fun addTo(builder: PlatformSnapshot.Builder) {
        if (providers != null) builder.widgetProvidersKnown()
        providers?.forEach { (user, provider) ->
            val span = state.widgetSpans.leastSpan(provider)
            builder.widgetProvider(provider.provider.key(), user, span.width, span.height, provider.configure?.key())
        }
        hostIds?.let(builder::hostWidgetIds)
        for (widget in bound) {
            val span = state.widgetSpans.leastSpan(widget.provider)
            builder.boundWidget(
                widget.id, widget.provider.provider.key(), widget.user, span.width, span.height,
                widget.provider.configure?.key(), widget.isRestored,
            )
        }
        builder.widgetBindAllowed(mayBind?.let(PlatformAnswer::of) ?: PlatformAnswer.UNKNOWN)
    }

    companion object {
        fun of(calls: PlatformCalls, profiles: List<Profile>, state: LauncherState): Widgets {
            val failures = ArrayList<PlatformFailure>()
            // All profiles or none: of a list with gaps nobody could say what is missing from it.
            val providers = try {
                profiles.flatMap { profile -> calls.providers(profile.handle).map { profile.serial to it } }
            } catch (thrown: RuntimeException) {
                failures += PlatformFailure(PlatformSource.WIDGETS, null, thrown)
                null
            }
            val ids = attempt { state.widgetHost?.appWidgetIds }
            val bound = ids.orEmpty().mapNotNull { id ->
                val provider = attempt { calls.boundProvider(id) } ?: return@mapNotNull null
                val user = profiles.find { it.handle == provider.profile }?.serial ?: return@mapNotNull null
                Bound(id, user, provider, attempt { calls.isRestored(id) } ?: false)
            }
            return Widgets(state, providers, ids, bound, attempt { calls.mayBind() }, failures)
        }

        private fun IntArray?.orEmpty(): List<Int> = this?.asList() ?: emptyList()
    }
}
