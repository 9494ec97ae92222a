'use client'

import { useEffect, useState } from 'react'
import { ApiError } from '../api'
import { isOver, type Query } from './build'
import { useMinute } from './minute'
import { type QueryResult, runQuery } from './runQuery'

export interface QueryState {
  /** The newest result; the one of the previous query while a new one loads. Absent until the first one. */
  readonly result: QueryResult | undefined
  /** The query that the result belongs to. */
  readonly query: Query | undefined
  /** A sentence for a person. */
  readonly error: string | undefined
  readonly loading: boolean
  /** Runs this query again, and all others that failed. */
  readonly retry: () => void
}

/** Retries of all failed queries: what made one fail mostly made the others fail too, so that one click retries all. */
const failed = new Set<() => void>()
const retryAll = () => {
  for (const retry of [...failed]) retry()
}

/**
 * Runs a query when it changes, and again each minute while its period goes on; a query that is no longer wanted is cancelled. `null` runs none.
 * A query that depends on the time is a function of it: the result of the last minute is not dimmed while the one of this minute loads.
 */
export function useQuery(query: Query | null | ((now: Date) => Query)): QueryState {
  const minute = useMinute()
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<{ key: string; result?: QueryResult; query?: Query; error?: string }>({ key: '' })
  const textAt = (now: Date) => (query === null ? '' : JSON.stringify(typeof query === 'function' ? query(now) : query))
  const text = textAt(new Date(minute))
  const key = `${attempt} ${textAt(new Date(0))}`
  const from = text === '' || isOver(JSON.parse(text) as Query, minute) ? 0 : minute
  useEffect(() => {
    if (text === '') return
    const abort = new AbortController()
    const sent = JSON.parse(text) as Query
    runQuery(sent, abort.signal).then(
      (result) => setState({ key, result, query: sent }),
      (error: unknown) => {
        if (abort.signal.aborted) return
        const message = error instanceof ApiError ? error.message : 'Couldn’t read the response from the server.'
        // A result that was there stays, a minute old: the next minute tries again.
        setState((old) => (old.key === key ? { ...old, error: message } : { key, error: message }))
      },
    )
    return () => abort.abort(new DOMException('Superseded by another query.', 'AbortError'))
  }, [text, key, from])
  const current = state.key === key
  const wrong = current && state.error !== undefined
  useEffect(() => {
    if (!wrong) return
    const retry = () => setAttempt((count) => count + 1)
    failed.add(retry)
    return () => {
      failed.delete(retry)
    }
  }, [wrong])
  return {
    result: state.result,
    query: state.query,
    error: current ? state.error : undefined,
    loading: text !== '' && !current,
    retry: retryAll,
  }
}
