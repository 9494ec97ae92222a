'use client'

import { useCallback } from 'react'
import { compact, hiddenMoney, roundMoney } from '@/data/format'
import { useLive } from '@/data/live/live'
import { Card } from '@/ui/Card'
import { cn } from '@/ui/cn'
import { Icon } from '@/ui/Icon'
import { NumberTicker } from '@/ui/NumberTicker'
import { Skeleton } from '@/ui/Skeleton'
import { Delta } from './Delta'
import { totals, valuesOf } from './totals'

/** Today until now, each number against yesterday at the same time. */
export function TodayTotals() {
  return (
    <div role="group" aria-label="Today" className="grid grid-cols-2 gap-3 sm:grid-cols-3 sm:gap-4 xl:grid-cols-6">
      {totals.map((one) => (
        <Tile key={one.of} one={one} />
      ))}
    </div>
  )
}

function Tile({ one }: { one: (typeof totals)[number] }) {
  const { snapshot, country, streamer } = useLive()
  const currency = snapshot?.currency ?? 'EUR'
  const hidden = one.money && streamer
  const format = useCallback((value: number) => (one.money ? roundMoney(value, currency) : compact(value)), [one.money, currency])
  const values = snapshot && valuesOf(snapshot, one, country)
  return (
    <Card tilt={5} className="p-4">
      <h2 className="flex items-center gap-2 text-xs text-muted">
        <Icon name={one.icon} size={14} className={cn(one.of === 'orders' || one.of === 'revenue' ? 'text-order' : 'text-accent')} />
        {one.name} today
      </h2>
      {values === undefined ? (
        <Skeleton className="mt-2 mb-1 h-8 w-24" />
      ) : (
        <p className="mt-1.5 truncate text-2xl font-semibold tracking-tight tabular">
          {hidden ? (
            <>
              <span aria-hidden>{hiddenMoney}</span>
              <span className="sr-only">hidden</span>
            </>
          ) : (
            <NumberTicker value={values.now} format={format} />
          )}
        </p>
      )}
      <p className="mt-1 h-4">{values !== undefined && !hidden && <Delta now={values.now} before={values.before} format={format} />}</p>
    </Card>
  )
}
