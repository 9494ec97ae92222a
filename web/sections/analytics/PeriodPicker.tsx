'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useAnalytics } from '@/data/query/analytics'
import { todayOf } from '@/data/query/build'
import { periodName } from '@/data/query/names'
import { daysOf, neighbour, presets } from '@/data/query/period'
import { IconButton } from '@/ui/Button'
import { cn } from '@/ui/cn'
import { Popover } from '@/ui/Popover'
import { Skeleton } from '@/ui/Skeleton'

const Calendar = dynamic(() => import('@/ui/Calendar').then((module) => module.Calendar), {
  ssr: false,
  loading: () => <Skeleton className="h-80" />,
})

/** The period: one of a list, days of a calendar, or the one before or after. */
export function PeriodPicker() {
  const { shop, view, change } = useAnalytics()
  const [open, setOpen] = useState(false)
  const today = todayOf(shop)
  const days = daysOf(view.period, today) ?? { from: today, to: today }
  const [before, after] = [neighbour(view.period, today, -1), neighbour(view.period, today, 1)]
  return (
    <div className="flex min-w-0 items-center">
      <IconButton
        icon="left"
        label="Previous period"
        disabled={before === null}
        onClick={() => before && change({ period: before })}
        className="max-sm:-mx-1 disabled:opacity-40"
      />
      <Popover
        label="Period"
        text={periodName(view.period)}
        icon="calendar"
        open={open}
        onOpen={setOpen}
        className="inset-x-0 sm:right-0 sm:left-auto sm:w-124"
      >
        <div className="grid gap-2 sm:grid-cols-[11rem_1fr]">
          <ul className="grid grid-cols-2 gap-0.5 sm:grid-cols-1 sm:border-r sm:border-line sm:pr-2">
            {presets.map((preset) => {
              const on = view.period.kind === 'preset' && view.period.id === preset.id
              return (
                <li key={preset.id}>
                  <button
                    type="button"
                    {...(on && { 'aria-current': true as const })}
                    onClick={() => {
                      change({ period: { kind: 'preset', id: preset.id } })
                      setOpen(false)
                    }}
                    className={cn(
                      'h-8 w-full rounded-lg px-2.5 text-left text-sm transition-colors',
                      on ? 'bg-accent-soft text-ink' : 'text-muted hover:bg-line hover:text-ink',
                    )}
                  >
                    {preset.name}
                  </button>
                </li>
              )
            })}
          </ul>
          <Calendar
            from={days.from}
            to={days.to}
            latest={today}
            onChoose={(from, to) => {
              change({ period: { kind: 'days', from, to } })
              setOpen(false)
            }}
          />
        </div>
      </Popover>
      <IconButton
        icon="right"
        label="Next period"
        disabled={after === null}
        onClick={() => after && change({ period: after })}
        className="max-sm:-mx-1 disabled:opacity-40"
      />
    </div>
  )
}
