/** One event of a stream (HTML Living Standard, 9.2.6). */
export interface ServerEvent {
  readonly id: string
  readonly name: string
  readonly data: string
}

/**
 * Reads server-sent events from pieces of text that are cut anywhere. `EventSource` does the same, but tells nobody of the comments by which a quiet stream shows that it is
 * still there, and gives up for good at some errors.
 */
export class EventReader {
  #rest = ''
  #id = ''
  #name = ''
  #data: string[] = []

  /** The events that a piece completes. */
  read(piece: string): ServerEvent[] {
    const events: ServerEvent[] = []
    const lines = (this.#rest + piece).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = this.#line(line.endsWith('\r') ? line.slice(0, -1) : line)
      if (event !== null) events.push(event)
    }
    return events
  }

  #line(line: string): ServerEvent | null {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return null
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'id') this.#id = value
    else if (field === 'event') this.#name = value
    else if (field === 'data') this.#data.push(value)
    return null
  }

  #dispatch(): ServerEvent | null {
    const event =
      this.#data.length > 0 ? { id: this.#id, name: this.#name === '' ? 'message' : this.#name, data: this.#data.join('\n') } : null
    this.#name = ''
    this.#data = []
    return event
  }
}
