import type { Code } from '@/data/countries'
import type { Picture } from '@/data/live/picture'

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
export function rowsOf(picture: Picture, by: Column): Row[] {
  const codes = new Set([...Object.keys(picture.total), ...Object.keys(picture.active), ...Object.keys(picture.orders)])
  const rows = [...codes].map((code) => ({
    code,
    now: picture.active[code] ?? 0,
    today: picture.today[code] ?? 0,
    total: picture.total[code] ?? 0,
    orders: picture.orders[code] ?? 0,
    revenue: picture.revenue[code] ?? 0,
  }))
  return rows.sort((a, b) => b[by] - a[by] || b.today - a.today || b.total - a.total || a.code.localeCompare(b.code))
}
