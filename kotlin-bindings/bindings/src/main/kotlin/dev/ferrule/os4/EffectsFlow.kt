@file:JvmName("EffectsFlows")

package dev.ferrule.os4

import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map

/**
 * What may be shown, now and on every change; a slow collector skips to the newest.
 *
 * The only file of the package that needs kotlinx-coroutines, which is optional: programs without it use [OsSession.addListener].
 */
public fun OsSession.effectsFlow(): Flow<Effects> = callbackFlow {
    val listener = EffectsListener { trySend(Unit) }
    addListener(listener)
    trySend(Unit)
    awaitClose { removeListener(listener) }
    // A signal carries no effects: whoever takes it reads the newest, so that no older ones can come after them.
}.conflate().map { answer.effects }.distinctUntilChanged(Effects::looksLike)
