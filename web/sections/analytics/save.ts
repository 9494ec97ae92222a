import { ask } from '@/data/query/ask'
import type { Query } from '@/data/query/build'
import { csvOf, download } from '@/data/query/csv'
import { fileOf } from './rows'

/** The most rows of an answer. */
const most = 10_000

/** Gives out all rows of a question as a file. The numbers of rows: in the file, and in all. */
export async function save(question: Query, name: string, hideMoney: boolean): Promise<{ written: number; total: number }> {
  const query: Query = { ...question, pagination: { limit: most } }
  const answer = await ask(query, new AbortController().signal)
  const { header, rows } = fileOf(answer, query, hideMoney)
  download(name, csvOf(header, rows))
  return { written: rows.length, total: answer.meta.total_rows ?? rows.length }
}
