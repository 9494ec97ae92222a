import type { Code } from '../countries'

/** A number by country; a country that is not there has 0. */
export type Counts = Readonly<Record<Code, number>>

/** What is counted of a day besides visits. */
export const counters = ['pageviews', 'carts', 'checkouts', 'orders', 'revenue'] as const
export type Counter = (typeof counters)[number]

export interface Minute {
  /** Its first moment, in Unix milliseconds. */
  readonly start: number
  readonly visits: Counts
}

/** One of the latest hits, as the server shows it. */
export interface Hit {
  readonly n: number
  readonly time: string
  readonly country: Code
  readonly name: string
  readonly page?: string
  readonly item?: string
  readonly value?: number
  readonly currency?: string
  readonly visit?: boolean
}

export type Yesterday = { readonly [K in Counter | 'active' | 'visits']: Counts }

/** The live state of a site, as `docs/live.md` describes it. */
export type Snapshot = {
  readonly site: string
  /** Of the site, in ISO 4217. */
  readonly currency: string
  /** The moment of the snapshot, in Unix milliseconds. */
  readonly time: number
  readonly total: Counts
  readonly today: Counts
  readonly active: Counts
  /** The last thirty, oldest first. */
  readonly minutes: readonly Minute[]
  /** Yesterday until the same time; absent while the server does not know it. */
  readonly yesterday?: Yesterday
  /** Newest first. */
  readonly hits: readonly Hit[]
} & { readonly [K in Counter]: Counts }

type Wire = {
  site?: string
  currency?: string
  time: string
  total?: Counts
  today?: Counts
  active?: Counts
  minutes?: { minute: string; visits: Counts }[]
  yesterday?: Partial<Record<Counter | 'active' | 'visits', Counts>>
  hits?: Hit[]
} & { [K in Counter]?: Counts }

const shownMinutes = 30
const shownHits = 40
const minute = 60_000

/** The new values over the old ones; the same object where nothing changes, so that nothing is drawn again for it. */
function merge(counts: Counts, changes: Counts | undefined): Counts {
  if (changes === undefined) return counts
  const merged: Record<Code, number> = { ...counts }
  for (const [country, value] of Object.entries(changes)) {
    if (value === 0) delete merged[country]
    else merged[country] = value
  }
  return merged
}

function mergeMinutes(minutes: readonly Minute[], time: number, changes: Wire['minutes']): readonly Minute[] {
  const last = Math.floor(time / minute) * minute
  if (changes === undefined && minutes.at(-1)?.start === last) return minutes
  const known = new Map(minutes.map((one) => [one.start, one.visits]))
  const changed = new Map((changes ?? []).map((one) => [Date.parse(one.minute), one.visits]))
  return Array.from({ length: shownMinutes }, (_, i) => {
    const start = last - (shownMinutes - 1 - i) * minute
    return { start, visits: merge(known.get(start) ?? {}, changed.get(start)) }
  })
}

function mergeYesterday(known: Yesterday | undefined, changes: Wire['yesterday']): Yesterday | undefined {
  if (changes === undefined) return known
  const of = (name: keyof Yesterday) => merge(known?.[name] ?? {}, changes[name])
  return {
    active: of('active'),
    visits: of('visits'),
    pageviews: of('pageviews'),
    carts: of('carts'),
    checkouts: of('checkouts'),
    orders: of('orders'),
    revenue: of('revenue'),
  }
}

/** Hits come with growing numbers: one that was applied already is passed over. An empty list says that the data of the site was deleted. */
function mergeHits(hits: readonly Hit[], added: readonly Hit[] | undefined): readonly Hit[] {
  if (added?.length === 0) return []
  const newest = hits[0]?.n ?? 0
  const fresh = (added ?? []).filter((hit) => hit.n > newest)
  return fresh.length === 0 ? hits : [...fresh.reverse(), ...hits].slice(0, shownHits)
}

/**
 * The snapshot after an event of the stream. A `snapshot` takes the place of everything, a `change` has new values; both are absolute, so that an event applied twice does no
 * harm.
 *
 * @param snapshot What was before; a change without a snapshot is passed over.
 */
export function apply(snapshot: Snapshot | undefined, event: string, data: string): Snapshot | undefined {
  if (event !== 'snapshot' && (event !== 'change' || snapshot === undefined)) return snapshot
  const wire = JSON.parse(data) as Wire
  const time = Date.parse(wire.time)
  const known = event === 'snapshot' ? undefined : snapshot
  const counts = (name: Counter | 'total' | 'today' | 'active') => merge(known?.[name] ?? {}, wire[name])
  const yesterday = mergeYesterday(known?.yesterday, wire.yesterday)
  return {
    site: wire.site ?? known?.site ?? 'default',
    currency: wire.currency ?? known?.currency ?? 'EUR',
    time,
    total: counts('total'),
    today: counts('today'),
    active: counts('active'),
    minutes: mergeMinutes(known?.minutes ?? [], time, wire.minutes),
    pageviews: counts('pageviews'),
    carts: counts('carts'),
    checkouts: counts('checkouts'),
    orders: counts('orders'),
    revenue: counts('revenue'),
    hits: mergeHits(known?.hits ?? [], wire.hits),
    ...(yesterday && { yesterday }),
  }
}

/** The number of one country, or of all. */
export function sum(counts: Counts | undefined, country: Code | null): number {
  if (counts === undefined) return 0
  if (country !== null) return counts[country] ?? 0
  let all = 0
  for (const value of Object.values(counts)) all += value
  return all
}

/** How much each country has more of than before. */
export function increases(before: Counts, after: Counts): [Code, number][] {
  if (before === after) return []
  return Object.entries(after).flatMap(([country, value]) =>
    value > (before[country] ?? 0) ? [[country, value - (before[country] ?? 0)]] : [],
  )
}
