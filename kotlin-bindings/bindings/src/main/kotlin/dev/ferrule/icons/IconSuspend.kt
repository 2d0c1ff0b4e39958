@file:JvmName("IconSuspend")

package dev.ferrule.icons

import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume

/**
 * Asks for an icon and waits for it without holding a thread; its pixels are in slot 0 of [target] then.
 *
 * Cancelling the coroutine takes the request back, as [IconRequest.cancel]: queued work is never begun. If the cache is
 * closed meanwhile, the coroutine is cancelled. [target] may be released at once in either case: its memory goes back when
 * the request has ended.
 *
 * The only file of the package that needs kotlinx-coroutines, which is optional: programs without it use
 * [IconCache.request].
 */
public suspend fun IconCache.await(
    query: IconQuery,
    target: IconBuffer,
    priority: IconPriority = IconPriority.VISIBLE,
): IconAnswer = suspendCancellableCoroutine { waiting ->
    val request = request(query, target, priority) { answer ->
        if (answer != null) waiting.resume(answer) else waiting.cancel()
    }
    waiting.invokeOnCancellation { request.cancel() }
}
