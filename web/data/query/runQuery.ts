import { ApiError, postQuery } from '../api'
import type { Query } from './build'
import { ConcurrencyLimiter } from './limiter'
import type { Metric, Value } from './metrics'

export interface Row {
  readonly dimensions: readonly string[]
  readonly metrics: readonly Value[]
  readonly comparison?: {
    readonly dimensions: readonly (string | null)[]
    readonly metrics: readonly Value[]
    readonly change: readonly (number | null)[]
  }
}

export interface QueryResult {
  readonly results: readonly Row[]
  readonly meta: {
    readonly time_labels?: readonly string[]
    readonly total_rows?: number
    readonly funnel?: {
      readonly steps: readonly { readonly visits: number; readonly rate: number | null; readonly rate_of_previous: number | null }[]
    }
  }
  readonly query: { readonly date_range: readonly [string, string]; readonly metrics?: readonly Metric[] }
}

/** A server runs few queries at once, and has other users. */
const limiter = new ConcurrencyLimiter(4)
/** How long a result stays in the cache, in milliseconds: going back and forth sends no new query. */
const maxAge = 20_000
const maxEntries = 80
/** How often a query to a busy server is retried before the error is shown, and the longest wait before a retry, in seconds. */
const retries = 2
const maxRetryAfter = 10

interface Entry {
  readonly abort: AbortController
  readonly result: Promise<QueryResult>
  users: number
  settled: boolean
  until: number
}

const entries = new Map<string, Entry>()

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      },
      { once: true },
    )
  })
}

async function fetchResult(body: string, signal: AbortSignal): Promise<QueryResult> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await limiter.run(signal, () => postQuery<QueryResult>(body, signal))
    } catch (error) {
      if (!(error instanceof ApiError) || error.retryAfter === null || error.retryAfter > maxRetryAfter || attempt >= retries) throw error
      await sleep(error.retryAfter * 1_000, signal)
    }
  }
}

function getOrFetch(body: string): Entry {
  const now = Date.now()
  const known = entries.get(body)
  if (known !== undefined && (!known.settled || known.until > now)) return known
  const abort = new AbortController()
  const entry: Entry = { abort, result: fetchResult(body, abort.signal), users: 0, settled: false, until: 0 }
  entries.delete(body)
  entries.set(body, entry)
  entry.result.then(
    () => {
      entry.settled = true
      // Not beyond the minute, at whose end a period that goes on is fetched again.
      entry.until = Math.min(Date.now() + maxAge, (Math.floor(Date.now() / 60_000) + 1) * 60_000)
      for (const [key, old] of entries) if (entries.size > maxEntries && old.settled) entries.delete(key)
    },
    // What failed is not kept.
    () => entries.get(body) === entry && entries.delete(body),
  )
  return entry
}

/** Runs a query. Equal queries share one request, which is cancelled when nobody wants its result anymore. */
export function runQuery(query: Query, signal: AbortSignal): Promise<QueryResult> {
  const body = JSON.stringify(query)
  const entry = getOrFetch(body)
  entry.users++
  return new Promise((resolve, reject) => {
    const gone = () => {
      if (--entry.users === 0 && !entry.settled) {
        entries.delete(body)
        entry.abort.abort()
      }
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', gone, { once: true })
    entry.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone))
  })
}
