'use client'

import { useEffect, useState } from 'react'
import { complete } from '@/data/countries'
import { number } from '@/data/format'
import { useAnalytics } from '@/data/query/analytics'
import { breakdown, supportedMetrics } from '@/data/query/build'
import type { Metric } from '@/data/query/metrics'
import { useQuery } from '@/data/query/useQuery'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Icon } from '@/ui/Icon'
import type { Table } from './cards'
import { QueryView } from './QueryView'
import { Rows } from './Rows'
import { RowSkeletons } from './TableCard'

const pageSize = 20

/** The condition of a search; countries are found by their name in the viewer's language. `null` where no country has such a name: there is nothing to query. */
function searched(table: Table, text: string): unknown[] | null {
  const set = table.onlySet === true ? [['is_not', table.dimension, ['(not set)']]] : []
  const wanted = text.trim()
  if (wanted === '') return set
  if (table.dimension !== 'visit:country') return [...set, ['contains', table.dimension, [wanted], { case_sensitive: false }]]
  const codes = complete(wanted, 300).map((code) => code.toUpperCase())
  return codes.length === 0 ? null : [['is', table.dimension, codes]]
}

/** All rows of a table: searched, sorted by any column, page by page. */
export default function Details({ table, onClose }: { table: Table; onClose: () => void }) {
  const { shop, view } = useAnalytics()
  const metrics = supportedMetrics(table.details, view)
  const [text, setText] = useState('')
  const [order, setOrder] = useState<{ by: Metric; descending: boolean }>({ by: metrics[0] ?? 'visitors', descending: true })
  const [page, setPage] = useState(0)
  // While somebody types, only a text that rests is searched for.
  const wanted = useSettled(text, 250)
  const filters = searched(table, wanted)
  const state = useQuery(
    filters &&
      breakdown(shop, view, table.dimension, metrics, {
        limit: pageSize,
        offset: page * pageSize,
        order: [order.by, order.descending ? 'desc' : 'asc'],
        filters,
      }),
  )
  const total = filters === null ? 0 : state.result?.meta.total_rows
  const nothing = (
    <p className="py-16 text-center text-sm text-muted">{wanted === '' ? 'No data for this period.' : `No results for “${wanted}”.`}</p>
  )
  const pages = total === undefined ? 1 : Math.max(1, Math.ceil(total / pageSize))
  const sort = (column: string) => {
    setPage(0)
    setOrder((old) => ({ by: column as Metric, descending: old.by === column ? !old.descending : true }))
  }
  return (
    <Dialog open wide title={table.title ?? table.label} onClose={onClose}>
      <div className="flex flex-wrap items-center gap-3">
        <label className="relative flex min-w-0 flex-1 items-center">
          <span className="sr-only">Search</span>
          <Icon name="search" size={14} className="pointer-events-none absolute left-3 text-muted" />
          <input
            type="search"
            value={text}
            placeholder={`Search ${(table.title ?? table.label).toLowerCase()}`}
            maxLength={200}
            onChange={(event) => {
              setText(event.target.value)
              setPage(0)
            }}
            className="h-9 w-full min-w-0 rounded-lg border border-line bg-page pr-3 pl-9 text-base transition-colors placeholder:text-faint hover:border-line-strong sm:text-sm"
          />
        </label>
        <p role="status" className="text-xs text-faint tabular">
          {total !== undefined && `${number(total)} ${total === 1 ? 'row' : 'rows'}`}
        </p>
      </div>
      {filters === null ? (
        <div className="mt-3 min-h-90">{nothing}</div>
      ) : (
        <QueryView state={state} loading={<RowSkeletons count={12} />} className="mt-3 min-h-90">
          {(result) =>
            result.results.length === 0 ? (
              nothing
            ) : (
              <Rows
                all
                table={table}
                metrics={state.query?.metrics ?? metrics}
                result={result}
                sorting={{ ...order, onSort: sort }}
                onChosen={onClose}
              />
            )
          }
        </QueryView>
      )}
      {pages > 1 && (
        <nav aria-label="Pagination" className="mt-3 flex items-center justify-center gap-3">
          <Button look="quiet" disabled={page === 0} onClick={() => setPage(page - 1)}>
            <Icon name="left" size={14} /> Previous
          </Button>
          <span className="text-xs text-muted tabular">
            {number(page + 1)} of {number(pages)}
          </span>
          <Button look="quiet" disabled={page >= pages - 1} onClick={() => setPage(page + 1)}>
            Next <Icon name="right" size={14} />
          </Button>
        </nav>
      )}
    </Dialog>
  )
}

/** A value once it has not changed for so many milliseconds. */
function useSettled(value: string, after: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), after)
    return () => clearTimeout(timer)
  }, [value, after])
  return settled
}
