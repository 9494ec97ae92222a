'use client'

import { type CSSProperties, useMemo } from 'react'
import { Bars } from '@/charts/Bars'
import { compact, number, time } from '@/data/format'
import { useLive } from '@/data/live/live'
import { sum } from '@/data/live/snapshot'
import { Card } from '@/ui/Card'
import { cn } from '@/ui/cn'
import { fitText } from '@/ui/fitText'
import { MovingBorder } from '@/ui/MovingBorder'
import { NumberTicker } from '@/ui/NumberTicker'
import { Skeleton } from '@/ui/Skeleton'
import { Spotlight } from '@/ui/Spotlight'
import { Delta } from './Delta'

const visits = (value: number) => `${number(value)} ${value === 1 ? 'visit' : 'visits'}`

/** Visitors of the last five minutes, and visits minute by minute. */
export function ActiveVisitors({ className }: { className?: string }) {
  const { snapshot, country, wall } = useLive()
  const active = sum(snapshot?.active, country)
  const bars = useMemo(
    () =>
      (snapshot?.minutes ?? []).map((minute) => ({
        key: minute.start,
        value: sum(minute.visits, country),
        name: time(new Date(minute.start)),
      })),
    [snapshot?.minutes, country],
  )
  return (
    <MovingBorder className={cn('flex grow', className)}>
      <Card className="flex grow flex-col overflow-hidden border-transparent p-5">
        <Spotlight>
          <h2 className="text-sm font-medium tracking-tight">Visitors right now</h2>
          <p className="text-xs text-faint">in the last 5 minutes</p>
          {snapshot === undefined ? (
            <Skeleton className="mt-3 mb-1 h-16 w-40" />
          ) : (
            <p
              className="@container mt-3 flex flex-wrap items-baseline gap-x-4 gap-y-1"
              {...(wall && { style: { '--size': fitText(compact(active), 8) } as CSSProperties })}
            >
              <NumberTicker
                value={active}
                format={compact}
                className={cn('leading-none font-semibold tracking-tighter tabular', wall ? 'text-(length:--size)' : 'text-7xl')}
              />
              <Delta now={active} before={snapshot.yesterday && sum(snapshot.yesterday.active, country)} format={compact} large={wall} />
            </p>
          )}
        </Spotlight>
        <h3 className="mt-6 mb-3 text-xs text-muted">Visits per minute</h3>
        {snapshot === undefined ? (
          <Skeleton className="min-h-28 grow" />
        ) : (
          <Bars bars={bars} label="Visits per minute, last 30 minutes" describe={visits} className="min-h-28 grow" />
        )}
      </Card>
    </MovingBorder>
  )
}
