import type { Code } from '@/data/countries'
import type { Snapshot } from '@/data/live/snapshot'

export interface Row {
  readonly code: Code
  readonly now: number
  readonly today: number
  readonly total: number
  readonly orders: number
  readonly revenue: number
}

export type Column = Exclude<keyof Row, 'code'>

/** A row for each country that was ever seen, most of a column first; the other columns and then the code decide between equals, so that rows never trade places for nothing. */
export function rowsOf(snapshot: Snapshot, by: Column): Row[] {
  const codes = new Set([...Object.keys(snapshot.total), ...Object.keys(snapshot.active), ...Object.keys(snapshot.orders)])
  const rows = [...codes].map((code) => ({
    code,
    now: snapshot.active[code] ?? 0,
    today: snapshot.today[code] ?? 0,
    total: snapshot.total[code] ?? 0,
    orders: snapshot.orders[code] ?? 0,
    revenue: snapshot.revenue[code] ?? 0,
  }))
  return rows.sort((a, b) => b[by] - a[by] || b.today - a.today || b.total - a.total || a.code.localeCompare(b.code))
}
