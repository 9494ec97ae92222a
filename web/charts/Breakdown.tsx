import Link from 'next/link'
import type { ReactNode } from 'react'
import { cn } from '@/ui/cn'
import { Icon } from '@/ui/Icon'

export interface BreakdownRow {
  readonly key: string
  readonly label: ReactNode
  /** From 0 to 1: the bar behind the name. */
  readonly share: number
  /** What stands in each column, already formatted. */
  readonly cells: readonly ReactNode[]
  /** A page of its own. */
  readonly page?: { readonly href: string; readonly label: string }
}

export interface BreakdownColumn {
  readonly id: string
  readonly name: string
}

export interface Sorting {
  readonly by: string
  readonly descending: boolean
  readonly onSort: (column: string) => void
}

/** A list of names with numbers each, and a bar behind each name. A click on a name chooses it, one on the name of a column sorts by it. Where there is little room, only the first columns are shown. */
export function Breakdown({
  name,
  rows,
  columns,
  chosen,
  onChoose,
  sorting,
  caption,
  all = false,
}: {
  name: string
  rows: readonly BreakdownRow[]
  columns: readonly BreakdownColumn[]
  chosen?: readonly string[]
  onChoose?: (key: string) => void
  sorting?: Sorting
  caption: string
  all?: boolean
}) {
  // A table that shows all of its columns scrolls in its box; one that does not leaves out those that have no room.
  const isLong = (i: number) => rows.some(({ cells }) => String(cells[i]).length > 9)
  const room = (i: number) =>
    all
      ? isLong(i)
        ? 'w-32'
        : 'w-24 sm:w-28'
      : cn(
          isLong(i) ? 'w-26 @md:w-28' : 'w-19 @md:w-22',
          i === 1 && 'hidden @3xs:table-cell',
          i === 2 && 'hidden @md:table-cell',
          i > 2 && 'hidden @2xl:table-cell',
        )
  return (
    <div className={cn('@container relative', all && 'overflow-x-auto')}>
      <table className="w-full table-fixed text-sm" {...(all && { style: { minWidth: `${9 + columns.length * 6.5}rem` } })}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="text-xs text-faint">
            <th scope="col" className={cn('pb-1.5 text-left font-normal', all && 'sticky left-0 z-1 bg-surface')}>
              {name}
            </th>
            {columns.map((column, i) => (
              <th
                key={column.id}
                scope="col"
                className={cn('pb-1.5 text-right font-normal', room(i))}
                {...(sorting !== undefined && {
                  'aria-sort':
                    sorting.by !== column.id ? ('none' as const) : sorting.descending ? ('descending' as const) : ('ascending' as const),
                })}
              >
                {sorting === undefined ? (
                  column.name
                ) : (
                  <button
                    type="button"
                    onClick={() => sorting.onSort(column.id)}
                    className={cn(
                      'inline-flex items-center gap-1 rounded px-1 py-1 transition-colors hover:text-ink',
                      sorting.by === column.id && 'text-ink',
                    )}
                  >
                    {sorting.by === column.id && <Icon name={sorting.descending ? 'down' : 'up'} size={10} />}
                    {column.name}
                  </button>
                )}
              </th>
            ))}
            {rows.some((row) => row.page !== undefined) && (
              <th scope="col" className="w-8">
                <span className="sr-only">Page</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const on = chosen?.includes(row.key) === true
            return (
              <tr key={row.key} className="group/row tabular">
                <th scope="row" className={cn('h-9 px-2 text-left font-normal', all ? 'sticky left-0 z-1 bg-surface' : 'relative')}>
                  <span
                    aria-hidden
                    className={cn(
                      'absolute inset-y-0.5 left-0 rounded-md transition-[width] duration-300',
                      on ? 'bg-accent/30' : 'bg-accent-soft',
                    )}
                    style={{ width: `${Math.min(1, Math.max(0, row.share)) * 100}%` }}
                  />
                  {onChoose === undefined ? (
                    <span className="relative line-clamp-2 leading-tight break-words">{row.label}</span>
                  ) : (
                    <button
                      type="button"
                      aria-pressed={on}
                      onClick={() => onChoose(row.key)}
                      className="relative flex h-9 w-full items-center text-left hover:underline hover:decoration-line-strong hover:underline-offset-4"
                    >
                      <span className="line-clamp-2 min-w-0 leading-tight break-words">{row.label}</span>
                    </button>
                  )}
                </th>
                {row.cells.map((cell, i) => (
                  <td key={columns[i]?.id} className={cn('text-right', i > 0 && 'text-muted', room(i))}>
                    {cell}
                  </td>
                ))}
                {row.page !== undefined && (
                  <td className="text-right">
                    <Link
                      href={row.page.href}
                      aria-label={row.page.label}
                      title={row.page.label}
                      className="inline-flex size-7 items-center justify-center rounded-md text-faint transition-colors group-hover/row:text-muted hover:bg-raised hover:text-ink"
                    >
                      <Icon name="right" size={14} />
                    </Link>
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
