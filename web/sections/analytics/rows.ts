import { hiddenMoney } from '@/data/format'
import type { Query } from '@/data/query/build'
import { currencyOf, formatValue, isMoney, type Metric, metrics, numberOf } from '@/data/query/metrics'
import { dimensionName, valueName } from '@/data/query/names'
import type { QueryResult } from '@/data/query/runQuery'

export interface TableRow {
  readonly value: string
  readonly share: number
  readonly cells: readonly string[]
}

/** The rows of a result as a table shows them: formatted, and with a bar for the first metric. */
export function rowsOf(result: QueryResult, requested: readonly Metric[], hideMoney: boolean): TableRow[] {
  const numbers = result.results.map((row) => numberOf(row.metrics[0] ?? null) ?? 0)
  const most = Math.max(...numbers, 1e-9)
  return result.results.map((row, i) => ({
    value: row.dimensions[0] ?? '',
    share: (numbers[i] ?? 0) / most,
    cells: requested.map((metric, j) => (hideMoney && isMoney(metric) ? hiddenMoney : formatValue(metric, row.metrics[j] ?? null))),
  }))
}

/** A result as header and rows of a file: numbers as they are, money by currency, and none where money is hidden. */
export function fileOf(result: QueryResult, query: Query, hideMoney: boolean): { header: string[]; rows: (string | number | null)[][] } {
  const requested = (query.metrics ?? []).map((metric, i) => ({ metric, i })).filter(({ metric }) => !(hideMoney && isMoney(metric)))
  const currencies = (i: number) => [...new Set(result.results.flatMap((row) => currencyOf(row.metrics[i] ?? null) ?? []))].sort()
  const columns = requested.flatMap(({ metric, i }): { name: string; i: number; currency: string | null }[] =>
    isMoney(metric)
      ? currencies(i).map((currency) => ({ name: `${metrics[metric].name} (${currency})`, i, currency }))
      : [{ name: metrics[metric].name, i, currency: null }],
  )
  const dimension = query.dimensions?.[0] ?? ''
  const code = dimension === 'visit:country' ? ['Code'] : []
  return {
    header: [dimensionName(dimension), ...code, ...columns.map(({ name }) => name)],
    rows: result.results.map((row) => {
      const value = row.dimensions[0] ?? ''
      return [
        valueName(dimension, value),
        ...code.map(() => value),
        ...columns.map(({ i, currency }) => numberOf(row.metrics[i] ?? null, currency)),
      ]
    }),
  }
}
