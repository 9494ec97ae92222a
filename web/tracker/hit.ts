/** What a shop may say of an event; the names are those of the events API (docs/events.md). */
export interface Fields {
  name?: string
  transaction_id?: unknown
  value?: unknown
  currency?: unknown
  items?: unknown
  props?: Record<string, unknown>
  [other: string]: unknown
}

/** A hit as it is kept until it is answered. */
export interface Hit extends Fields {
  /** The server counts each id once within 24 hours. */
  id: string
  /** When it happened, by this browser's clock, in milliseconds; no two of a page are the same. The server passes over it. */
  at: number
}

/** Hands a hit over to be sent. */
export type Send = (hit: Hit) => void

/** Counts an event on the page that is looked at. */
export interface Track {
  (name: string, fields?: Fields): void
  /** Says that the tracker is there already. */
  on?: boolean
}
