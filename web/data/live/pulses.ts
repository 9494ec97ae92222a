import type { Code } from '../countries'

/** Something happened in a country just now. */
export interface Pulse {
  readonly country: Code
  readonly kind: 'visit' | 'order'
  readonly count: number
}

type Listener = (pulse: Pulse) => void

/** Passes pulses to their renderers, outside React: they are drawn once and are not state. */
export class Pulses {
  readonly #listeners = new Set<Listener>()

  readonly subscribe = (listener: Listener) => {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  emit(pulse: Pulse) {
    for (const listener of this.#listeners) listener(pulse)
  }
}
