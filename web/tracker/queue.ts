import type { Hit, Send } from './hit'

const KEY = 'footfall_queue'
const DAY = 864e5

/** The most hits that wait; the oldest are dropped beyond. */
export const LIMIT = 100

/** The hits as they are sent. A fresh one has the server's time: a browser's clock may be wrong by hours. */
export const bodyOf = (hits: Hit[], now: number) => JSON.stringify(hits.map((hit) => (now - hit.at > 5e3 ? { ...hit, timestamp: new Date(hit.at) } : hit)))

/** Whether the same hits may be taken later: all else is an answer, be it a refusal. */
export const isBusy = (status: number) => status > 499 || status === 429 || status === 408

/** How long to wait before the next try, in milliseconds: half as long to half as long again, so that not all browsers come back at once. */
export const delay = (failures: number, retryAfter: string | null | undefined) => Math.max(2 ** Math.min(failures, 8) * 500 * (0.5 + Math.random()), (Number(retryAfter) || 0) * 1e3)

export interface Queue {
  send: Send
  /** Sends what waits once more, in a way that outlives the page. The server knows by their ids those that it has. */
  leave: () => void
  flush: () => void
}

/** Keeps hits until they are answered, across the pages of a tab. */
export function queue(endpoint: string): Queue {
  let memory: Hit[] = []
  let sending = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  // Storage is read anew each time: a page out of the back/forward cache would bring back what another page has sent since.
  const load = () => {
    let hits = memory
    try {
      hits = (JSON.parse(sessionStorage.getItem(KEY)!) as Hit[] | null) ?? hits
    } catch {}
    return hits.filter(({ at }) => Date.now() - at < DAY)
  }
  const save = (hits: Hit[]) => {
    memory = hits.slice(-LIMIT)
    try {
      sessionStorage.removeItem(KEY)
      sessionStorage.setItem(KEY, JSON.stringify(memory))
    } catch {}
  }

  const flush = async () => {
    const hits = load()
    if (sending || !hits.length) return
    sending = true
    clearTimeout(timer)
    let retryAfter
    let failed = true
    try {
      const body = bodyOf(hits, Date.now())
      // A string is text/plain, which needs no preflight. Browsers keep at most 64 KiB alive.
      const { status, headers } = await fetch(endpoint, { method: 'POST', body, keepalive: body.length < 2e4 })
      failed = isBusy(status)
      retryAfter = headers.get('Retry-After')
      if (!failed) save(load().filter(({ id }) => !hits.some((hit) => hit.id === id)))
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
      save([...load(), hit])
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
