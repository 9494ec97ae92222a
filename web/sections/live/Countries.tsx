'use client'

import { useMemo, useState } from 'react'
import { nameOf } from '@/data/countries'
import { compact, hiddenMoney, number, roundMoney } from '@/data/format'
import { useLive } from '@/data/live/live'
import { Button } from '@/ui/Button'
import { Card, CardHeader } from '@/ui/Card'
import { cn } from '@/ui/cn'
import { Icon } from '@/ui/Icon'
import { Skeleton } from '@/ui/Skeleton'
import { useFlip } from '@/ui/useFlip'
import { FirstSteps } from './FirstSteps'
import { Flag } from './Flag'
import { type Column, type Row, rowsOf } from './rows'

const columns: readonly { id: Column; name: string; className: string }[] = [
  { id: 'now', name: 'Now', className: 'w-12 sm:w-24' },
  { id: 'today', name: 'Today', className: 'w-16 sm:w-24' },
  { id: 'total', name: 'All time', className: 'hidden w-24 sm:table-cell' },
  { id: 'orders', name: 'Orders', className: 'hidden w-20 sm:table-cell' },
  { id: 'revenue', name: 'Revenue', className: 'w-19 sm:w-28' },
]
const shownAtFirst = 12

/** Every country with its numbers; a click on one filters the page by it. */
export function Countries({ className }: { className?: string }) {
  const { snapshot, country } = useLive()
  const [by, setBy] = useState<Column>('today')
  const [all, setAll] = useState(false)
  const rows = useMemo(() => (snapshot === undefined ? [] : rowsOf(snapshot, by)), [snapshot, by])
  // The one that is chosen is always among them.
  const shown = all ? rows : rows.filter((row, i) => i < shownAtFirst || row.code === country)
  return (
    <Card className={cn('p-5', className)}>
      <CardHeader title="Countries" {...(rows.length > 0 && { hint: `${number(rows.length)} so far; orders and revenue are for today` })} />
      {snapshot !== undefined && rows.length === 0 ? (
        <FirstSteps />
      ) : (
        <>
          <Table rows={shown} by={by} onSort={setBy} loading={snapshot === undefined} />
          {rows.length > shownAtFirst && (
            <div className="relative mt-3 flex justify-center">
              <Button look="quiet" onClick={() => setAll(!all)}>
                {all ? 'Show fewer' : `Show all ${number(rows.length)}`}
              </Button>
            </div>
          )}
        </>
      )}
    </Card>
  )
}

function Table({ rows, by, onSort, loading }: { rows: Row[]; by: Column; onSort: (column: Column) => void; loading: boolean }) {
  const { snapshot } = useLive()
  // A currency without a sign of its own needs more room: `KWD 300,419`.
  const wide = rows.some((row) => roundMoney(row.revenue, snapshot?.currency ?? 'EUR').length > 9)
  const body = useFlip(rows.map((row) => row.code).join(' '))
  const most = Math.max(...rows.map((row) => row[by]), 1)
  return (
    <table className="relative mt-2 w-full table-fixed text-sm">
      <thead>
        <tr className="border-b border-line text-xs text-faint">
          <th scope="col" className="py-2 pl-2 text-left font-normal">
            Country
          </th>
          {columns.map((column) => (
            <th
              key={column.id}
              scope="col"
              aria-sort={by === column.id ? 'descending' : 'none'}
              className={cn('py-1 text-right font-normal', column.id === 'revenue' && wide ? 'w-25 sm:w-32' : column.className)}
            >
              <button
                type="button"
                onClick={() => onSort(column.id)}
                className={cn(
                  'inline-flex items-center gap-1 rounded px-1 py-1 transition-colors hover:text-ink',
                  by === column.id && 'text-ink',
                )}
              >
                {by === column.id && <Icon name="down" size={10} />}
                {column.name}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {loading &&
          Array.from({ length: 6 }, (_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no order
            <tr key={i}>
              <td colSpan={6} className="py-1.5">
                <Skeleton className="h-6" />
              </td>
            </tr>
          ))}
        {rows.map((row) => (
          <CountryRow key={row.code} row={row} share={row[by] / most} />
        ))}
      </tbody>
    </table>
  )
}

function CountryRow({ row, share }: { row: Row; share: number }) {
  const { country, choose, streamer, snapshot } = useLive()
  const chosen = country === row.code
  return (
    <tr
      data-flip={row.code}
      onClick={() => choose(chosen ? null : row.code)}
      className={cn(
        'group relative cursor-pointer border-b border-line/60 tabular transition-colors last:border-0 hover:bg-raised/70',
        chosen && 'bg-accent-soft',
        country !== null && !chosen && 'text-muted',
      )}
    >
      <th scope="row" className="relative h-11 pl-2 text-left font-normal">
        <span
          aria-hidden
          className="absolute inset-y-1.5 left-0 rounded-md bg-accent-soft transition-[width] duration-500"
          style={{ width: `${share * 100}%` }}
        />
        <button
          type="button"
          aria-pressed={chosen}
          onClick={(event) => {
            event.stopPropagation()
            choose(chosen ? null : row.code)
          }}
          className="relative flex w-full items-center gap-2.5 rounded text-left"
        >
          <Flag code={row.code} />
          <span className="line-clamp-2 min-w-0 leading-tight break-words">{nameOf(row.code)}</span>
        </button>
      </th>
      <td className="relative text-right">
        {row.now > 0 ? (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="size-1.5 rounded-full bg-up" />
            {compact(row.now)}
          </span>
        ) : (
          <span className="text-faint">0</span>
        )}
      </td>
      <Cell value={row.today} />
      <Cell value={row.total} className="hidden text-muted sm:table-cell" />
      <Cell value={row.orders} className="hidden sm:table-cell" />
      <td className={cn('pr-1 text-right', row.revenue === 0 && 'text-faint')}>
        {streamer ? hiddenMoney : row.revenue === 0 ? '–' : roundMoney(row.revenue, snapshot?.currency ?? 'EUR')}
      </td>
    </tr>
  )
}

/** Flashes when its number changes. */
function Cell({ value, className }: { value: number; className?: string }) {
  return (
    <td className={cn('text-right', value === 0 && 'text-faint', className)}>
      <span key={value} className="heavy -mr-1 inline-block animate-[flash_0.9s_ease-out] rounded px-1">
        {compact(value)}
      </span>
    </td>
  )
}
