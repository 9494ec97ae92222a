/** Lets so many things run at once; the others wait in line. */
export class ConcurrencyLimiter {
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Runs the work when there is room; work that was aborted before is not run. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most)
      await new Promise<void>((resolve, reject) => {
        const go = () => {
          signal.removeEventListener('abort', gone)
          resolve()
        }
        const gone = () => {
          this.#waiting.splice(this.#waiting.indexOf(go), 1)
          reject(signal.reason as Error)
        }
        this.#waiting.push(go)
        signal.addEventListener('abort', gone, { once: true })
      })
    else this.#running++
    // Who waited takes over the place of who went.
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
