import { withParameters } from '@/data/url'
import type { Table } from './cards'

/** The page of a row, with the period and the shop that are shown. */
export function pageOf(table: Table, value: string, search: string): string | null {
  const gone = { f: null, c: null, id: null, name: null, details: null }
  if (table.page === 'country') return /^[A-Z]{2}$/.test(value) ? `/country${withParameters(search, { ...gone, c: value })}` : null
  if (table.page === 'product')
    return value === '(not set)'
      ? null
      : `/product${withParameters(search, { ...gone, [table.dimension === 'item:id' ? 'id' : 'name']: value })}`
  return null
}
