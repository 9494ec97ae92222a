import { ApiError, postQuery } from '../api'
import type { Query } from './build'
import type { Metric, Value } from './metrics'
import { Turns } from './turns'

export interface Row {
  readonly dimensions: readonly string[]
  readonly metrics: readonly Value[]
  readonly comparison?: {
    readonly dimensions: readonly (string | null)[]
    readonly metrics: readonly Value[]
    readonly change: readonly (number | null)[]
  }
}

export interface Answer {
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

/** A server runs few questions at once, and other people ask too. */
const turns = new Turns(4)
/** How long an answer is good for, in milliseconds: going back and forth asks nothing anew. */
const fresh = 20_000
const most = 80
/** How often a busy server is asked again before a person is told, and how long that may take, in seconds. */
const retries = 2
const longest = 10

interface Entry {
  readonly abort: AbortController
  readonly answer: Promise<Answer>
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

async function fetchAnswer(body: string, signal: AbortSignal): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await turns.run(signal, () => postQuery<Answer>(body, signal))
    } catch (error) {
      if (!(error instanceof ApiError) || error.retryAfter === null || error.retryAfter > longest || attempt >= retries) throw error
      await sleep(error.retryAfter * 1_000, signal)
    }
  }
}

function enter(body: string): Entry {
  const now = Date.now()
  const known = entries.get(body)
  if (known !== undefined && (!known.settled || known.until > now)) return known
  const abort = new AbortController()
  const entry: Entry = { abort, answer: fetchAnswer(body, abort.signal), users: 0, settled: false, until: 0 }
  entries.delete(body)
  entries.set(body, entry)
  entry.answer.then(
    () => {
      entry.settled = true
      // Not beyond the minute, at whose end what goes on is asked for anew.
      entry.until = Math.min(Date.now() + fresh, (Math.floor(Date.now() / 60_000) + 1) * 60_000)
      for (const [key, old] of entries) if (entries.size > most && old.settled) entries.delete(key)
    },
    // What failed is not kept.
    () => entries.get(body) === entry && entries.delete(body),
  )
  return entry
}

/** Asks the history. The same question is on its way once, whoever asks; it is stopped when nobody wants its answer any more. */
export function ask(query: Query, signal: AbortSignal): Promise<Answer> {
  const body = JSON.stringify(query)
  const entry = enter(body)
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
    entry.answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', gone))
  })
}
