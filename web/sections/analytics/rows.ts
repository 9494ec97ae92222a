import { hiddenMoney } from '@/data/format'
import type { Answer } from '@/data/query/ask'
import type { Query } from '@/data/query/build'
import { currencyOf, isMoney, type Metric, metrics, numberOf, written } from '@/data/query/metrics'
import { dimensionName, valueName } from '@/data/query/names'

export interface TableRow {
  readonly value: string
  readonly share: number
  readonly cells: readonly string[]
}

/** The rows of an answer as a table shows them: written, and with a bar for the first metric. */
export function rowsOf(answer: Answer, asked: readonly Metric[], hideMoney: boolean): TableRow[] {
  const numbers = answer.results.map((row) => numberOf(row.metrics[0] ?? null) ?? 0)
  const most = Math.max(...numbers, 1e-9)
  return answer.results.map((row, i) => ({
    value: row.dimensions[0] ?? '',
    share: (numbers[i] ?? 0) / most,
    cells: asked.map((metric, j) => (hideMoney && isMoney(metric) ? hiddenMoney : written(metric, row.metrics[j] ?? null))),
  }))
}

/** An answer as header and rows of a file: numbers as they are, money by currency, and none where money is hidden. */
export function fileOf(answer: Answer, query: Query, hideMoney: boolean): { header: string[]; rows: (string | number | null)[][] } {
  const asked = (query.metrics ?? []).map((metric, i) => ({ metric, i })).filter(({ metric }) => !(hideMoney && isMoney(metric)))
  const currencies = (i: number) => [...new Set(answer.results.flatMap((row) => currencyOf(row.metrics[i] ?? null) ?? []))].sort()
  const columns = asked.flatMap(({ metric, i }): { name: string; i: number; currency: string | null }[] =>
    isMoney(metric)
      ? currencies(i).map((currency) => ({ name: `${metrics[metric].name} (${currency})`, i, currency }))
      : [{ name: metrics[metric].name, i, currency: null }],
  )
  const dimension = query.dimensions?.[0] ?? ''
  const code = dimension === 'visit:country' ? ['Code'] : []
  return {
    header: [dimensionName(dimension), ...code, ...columns.map(({ name }) => name)],
    rows: answer.results.map((row) => {
      const value = row.dimensions[0] ?? ''
      return [
        valueName(dimension, value),
        ...code.map(() => value),
        ...columns.map(({ i, currency }) => numberOf(row.metrics[i] ?? null, currency)),
      ]
    }),
  }
}
