'use client'

import { Breakdown, type Sorting } from '@/charts/Breakdown'
import { useAnalytics } from '@/data/query/analytics'
import { metrics as known, type Metric } from '@/data/query/metrics'
import { valueName } from '@/data/query/names'
import type { QueryResult } from '@/data/query/runQuery'
import { useUrl } from '@/data/url'
import type { Table } from './cards'
import { Label } from './Label'
import { pageOf } from './pages'
import { rowsOf } from './rows'

/** The rows of a result: a click on one filters by it. */
export function Rows({
  table,
  metrics,
  result,
  sorting,
  all = false,
  onChosen,
  limit,
}: {
  table: Table
  metrics: readonly Metric[]
  result: QueryResult
  sorting?: Sorting
  all?: boolean
  onChosen?: () => void
  limit?: number
}) {
  const { view, choose, streamer } = useAnalytics()
  const search = useUrl().toString()
  const rows = rowsOf(result, metrics, streamer).slice(0, limit)
  const chosen = view.filters.find((filter) => filter.dimension === table.dimension && filter.operator === 'is')?.values ?? []
  return (
    <Breakdown
      name={table.row}
      caption={table.title ?? table.label}
      columns={metrics.map((metric) => ({ id: metric, name: known[metric].name }))}
      rows={rows.map((row) => {
        const href = pageOf(table, row.value, search)
        return {
          key: row.value,
          label: <Label dimension={table.dimension} value={row.value} />,
          share: row.share,
          cells: row.cells,
          ...(href !== null && { page: { href, label: `View ${valueName(table.dimension, row.value)}` } }),
        }
      })}
      chosen={chosen}
      onChoose={(value) => {
        choose(table.dimension, value)
        onChosen?.()
      }}
      {...(sorting !== undefined && { sorting })}
      all={all}
    />
  )
}
