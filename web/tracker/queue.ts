import type { Hit, Send } from './hit'

/** Each hit has a key of its own: two pages of a tab may run at once while one takes the place of the other, and neither must overwrite what the other keeps. */
const KEY = 'footfall:'
/** Short of the day that the server takes, so that a hit is no older when it arrives. */
const DAY = 863e5

/** The most hits that wait; the oldest are dropped beyond. */
export const LIMIT = 100

/**
 * The hits as they are sent: a fresh one has the server's time, one that waited says for how long. A time of day would be wrong by hours where the browser's clock is.
 */
export const bodyOf = (hits: Hit[], now: number) =>
  JSON.stringify(hits.map((hit) => (now - hit.at > 5e3 ? { ...hit, age: now - hit.at } : hit)))

/** Whether the same hits may be taken later: all else is an answer, be it a refusal. */
export const isBusy = (status: number) => status > 499 || status === 429 || status === 408

/** How long to wait before the next try, in milliseconds: half as long to half as long again, so that not all browsers come back at once. */
export const delay = (failures: number, retryAfter: string | null | undefined) =>
  Math.max(2 ** Math.min(failures, 8) * (250 + Math.random() * 500), +retryAfter! * 1e3 || 0)

export interface Queue {
  send: Send
  /** Sends what waits once more, in a way that outlives the page. The server knows by their ids those that it has. */
  leave: () => void
  flush: () => void
}

/** Keeps hits until they are answered, across the pages of a tab. */
export function queue(endpoint: string): Queue {
  /** What storage does not take. */
  let memory: Hit[] = []
  let sending = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const drop = (gone: Hit[]) => {
    memory = memory.filter((hit) => !gone.includes(hit))
    try {
      for (const { id } of gone) delete sessionStorage[KEY + id]
    } catch {}
  }
  // Read again each time: a page out of the back/forward cache would bring back what another page has sent since.
  const load = () => {
    const hits = [...memory]
    try {
      for (const key in sessionStorage) if (key.startsWith(KEY)) hits.push(JSON.parse(sessionStorage[key] as string) as Hit)
    } catch {}
    const kept = hits
      .filter(({ at }) => Date.now() - at < DAY)
      .sort((a, b) => a.at - b.at)
      .slice(-LIMIT)
    drop(hits.filter((hit) => !kept.includes(hit)))
    return kept
  }

  const flush = async () => {
    const hits = load()
    if (sending || !hits.length) return
    sending = true
    clearTimeout(timer)
    let retryAfter: string | null | undefined
    let failed = true
    try {
      const body = bodyOf(hits, Date.now())
      // A string is text/plain, which needs no preflight. Browsers keep at most 64 KiB alive.
      const response = await fetch(endpoint, { method: 'POST', body, keepalive: body.length < 2e4 })
      failed = isBusy(response.status)
      retryAfter = response.headers.get('Retry-After')
      if (!failed) drop(hits)
    } catch {}
    sending = false
    if (failed) timer = setTimeout(flush, delay(failures++, retryAfter))
    else {
      failures = 0
      flush()
    }
  }

  addEventListener('online', flush)
  return {
    send(hit) {
      // What can't be written is refused here, before it stands in the way of others.
      const text = JSON.stringify(hit)
      try {
        sessionStorage[KEY + hit.id] = text
      } catch {
        memory.push(hit)
      }
      // A moment later, so that what happens together is sent together.
      setTimeout(flush)
    },
    leave() {
      const hits = load()
      if (hits.length) navigator.sendBeacon?.(endpoint, bodyOf(hits, Date.now()))
    },
    flush,
  }
}
