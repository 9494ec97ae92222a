import type { Query } from '@/data/query/build'
import { csvOf, download } from '@/data/query/csv'
import { runQuery } from '@/data/query/runQuery'
import { fileOf } from './rows'

/** The most rows of a result. */
const maxRows = 10_000

/** Saves all rows of a query as a file. Returns the numbers of rows: in the file, and in total. */
export async function save(source: Query, name: string, hideMoney: boolean): Promise<{ exported: number; total: number }> {
  const query: Query = { ...source, pagination: { limit: maxRows } }
  const result = await runQuery(query, new AbortController().signal)
  const { header, rows } = fileOf(result, query, hideMoney)
  download(name, csvOf(header, rows))
  return { exported: rows.length, total: result.meta.total_rows ?? rows.length }
}
