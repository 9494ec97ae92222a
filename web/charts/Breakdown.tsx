import type { ReactNode } from 'react'
import { cn } from '@/ui/cn'

export interface BreakdownRow {
  readonly key: string
  readonly label: ReactNode
  readonly value: number
  /** Further columns, already written. */
  readonly more?: readonly ReactNode[]
}

/** A list of names with a number each, and a bar behind each name for its share of the largest. A click on a row chooses it. */
export function Breakdown({ rows, columns, format, chosen, onChoose, caption }: { rows: readonly BreakdownRow[]; columns: readonly string[]; format: (value: number) => string; chosen?: string | null; onChoose?: (key: string) => void; caption: string }) {
  const most = Math.max(...rows.map((row) => row.value), 1)
  return (
    <table className="relative w-full table-fixed text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="text-xs text-faint">
          {columns.map((column, i) => (
            <th key={column} scope="col" className={cn('pb-2 font-normal', i === 0 ? 'w-auto text-left' : 'w-20 text-right')}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className="tabular">
            <th scope="row" className="relative h-9 px-2 text-left font-normal">
              <span aria-hidden className={cn('absolute inset-y-0.5 left-0 rounded-md', row.key === chosen ? 'bg-accent/30' : 'bg-accent-soft')} style={{ width: `${(row.value / most) * 100}%` }} />
              {onChoose === undefined ? (
                <span className="relative block truncate">{row.label}</span>
              ) : (
                <button type="button" aria-pressed={row.key === chosen} onClick={() => onChoose(row.key)} className="relative block w-full truncate text-left hover:text-accent">
                  {row.label}
                </button>
              )}
            </th>
            <td className="text-right">{format(row.value)}</td>
            {row.more?.map((cell, i) => (
              <td key={columns[i + 2]} className="text-right text-muted">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
