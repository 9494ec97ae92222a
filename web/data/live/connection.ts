import { backOff } from './backoff'
import { EventReader, type ServerEvent } from './sse'

/** `open`: the snapshot is right. `lost`: it is as it was, and the next attempt is on its way. `refused`: the server does not want to show this site; nothing is tried again. */
export type Status =
  | { readonly kind: 'connecting' | 'open' }
  | { readonly kind: 'lost'; readonly since: number }
  | { readonly kind: 'refused'; readonly reason: string }

/** The server sends a comment after 15 seconds at the latest: after three missing ones the connection is dead. */
const silence = 45_000
/** A page that nobody sees lets its connection go: over HTTP/1.1 a browser has six for all of its tabs together. */
const hiddenFor = 30_000

/**
 * Holds one live stream open: connects again with back-off, tells the server the last event that it has, so that only what was missed comes, and lets go while nobody looks.
 */
export class Connection {
  readonly #url: string
  readonly #onEvent: (event: ServerEvent) => void
  readonly #onStatus: (status: Status) => void
  #abort: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #watchdog: ReturnType<typeof setTimeout> | undefined
  #hiding: ReturnType<typeof setTimeout> | undefined
  #attempt = 0
  #lost = 0
  #lastId = ''
  #closed = false

  constructor(url: string, onEvent: (event: ServerEvent) => void, onStatus: (status: Status) => void) {
    this.#url = url
    this.#onEvent = onEvent
    this.#onStatus = onStatus
  }

  open() {
    document.addEventListener('visibilitychange', this.#visible)
    window.addEventListener('online', this.#now)
    this.#onStatus({ kind: 'connecting' })
    void this.#run()
  }

  close() {
    this.#closed = true
    document.removeEventListener('visibilitychange', this.#visible)
    window.removeEventListener('online', this.#now)
    for (const timer of [this.#timer, this.#watchdog, this.#hiding]) clearTimeout(timer)
    this.#abort?.abort()
  }

  readonly #visible = () => {
    clearTimeout(this.#hiding)
    if (document.hidden) this.#hiding = setTimeout(() => this.#abort?.abort(), hiddenFor)
    else this.#now()
  }

  /** The next attempt at once, if one is being waited for. */
  readonly #now = () => {
    if (this.#abort !== undefined || this.#closed) return
    clearTimeout(this.#timer)
    void this.#run()
  }

  async #run() {
    const abort = new AbortController()
    this.#abort = abort
    try {
      const response = await fetch(this.#url, {
        signal: abort.signal,
        cache: 'no-store',
        headers: { Accept: 'text/event-stream', ...(this.#lastId && { 'Last-Event-ID': this.#lastId }) },
      })
      if (response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429)
        return this.#refuse(response)
      if (!response.ok || response.body === null) throw new Error(`The stream responded with status ${response.status}.`)
      await this.#read(response.body, abort)
    } catch {
      // Whatever broke, the way on is the same.
    }
    clearTimeout(this.#watchdog)
    this.#abort = undefined
    if (!this.#closed) this.#wait()
  }

  async #read(body: ReadableStream<Uint8Array>, abort: AbortController) {
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
    const events = new EventReader()
    for (;;) {
      clearTimeout(this.#watchdog)
      this.#watchdog = setTimeout(() => abort.abort(), silence)
      const { done, value } = await reader.read()
      if (done) return
      // Who has the last event gets no other one until something happens.
      if (this.#lastId !== '') this.#right()
      for (const event of events.read(value)) {
        this.#lastId = event.id
        this.#onEvent(event)
        this.#right()
      }
    }
  }

  #right() {
    if (this.#attempt === 0 && this.#lost === 0 && this.#status === 'open') return
    this.#attempt = 0
    this.#lost = 0
    this.#status = 'open'
    this.#onStatus({ kind: 'open' })
  }

  #status: Status['kind'] = 'connecting'

  #wait() {
    if (this.#lost === 0) this.#lost = Date.now()
    this.#status = 'lost'
    if (document.hidden) return
    this.#onStatus({ kind: 'lost', since: this.#lost })
    this.#timer = setTimeout(() => void this.#run(), backOff(this.#attempt++, Math.random()))
  }

  async #refuse(response: Response) {
    this.#abort = undefined
    const body = (await response.json().catch(() => ({}))) as { error?: string }
    if (!this.#closed) this.#onStatus({ kind: 'refused', reason: body.error ?? `The server responded with status ${response.status}.` })
  }
}
