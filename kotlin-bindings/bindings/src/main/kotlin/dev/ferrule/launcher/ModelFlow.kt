@file:JvmName("ModelFlows")

package dev.ferrule.launcher

import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.mapNotNull

/**
 * The loaded model, now and after every load that changes something; a slow collector skips to the newest.
 *
 * The only file of the package that needs kotlinx-coroutines, which is optional: programs without it use
 * [LauncherModel.addListener].
 */
public fun LauncherModel.modelFlow(): Flow<LoadedModel> = callbackFlow {
    val listener = ModelListener { trySend(Unit) }
    addListener(listener)
    trySend(Unit)
    awaitClose { removeListener(listener) }
    // A signal carries no model: whoever takes it reads the newest, so that no older one can come after it.
}.conflate().mapNotNull { loaded }.distinctUntilChanged { old, new -> old === new }
