'use client'

import { type KeyboardEvent, useState } from 'react'
import { cn } from '@/ui/cn'
import { niceEnd } from './scale'

export interface Bar {
  readonly key: string | number
  readonly value: number
  /** What it is, such as the time; announced with the value. */
  readonly name: string
}

/** Bars over time, the newest at the right. A pointer or the arrow keys read one of them. */
export function Bars({
  bars,
  label,
  describe,
  className,
}: {
  bars: readonly Bar[]
  label: string
  describe: (value: number) => string
  className?: string
}) {
  const [active, setActive] = useState<number | null>(null)
  const end = niceEnd(Math.max(...bars.map((bar) => bar.value), 0))
  const chosen = active === null ? undefined : bars[Math.min(active, bars.length - 1)]
  const key = (event: KeyboardEvent) => {
    const at = active ?? bars.length - 1
    const to = { ArrowLeft: at - 1, ArrowRight: active === null ? at : at + 1, Home: 0, End: bars.length - 1 }[event.key]
    if (event.key === 'Escape') setActive(null)
    if (to === undefined) return
    event.preventDefault()
    setActive(Math.max(0, Math.min(bars.length - 1, to)))
  }
  return (
    <div className={cn('relative flex min-h-0 flex-col', className)}>
      <div
        role="group"
        tabIndex={0}
        aria-label={`${label}. Use the arrow keys to read each value.`}
        onKeyDown={key}
        onBlur={() => setActive(null)}
        onPointerLeave={() => setActive(null)}
        className="relative mt-4 flex min-h-0 flex-1 items-end gap-[2px] rounded-md border-b border-line"
      >
        <span aria-hidden className="absolute inset-x-0 top-0 border-t border-dashed border-line" />
        <span aria-hidden className="absolute inset-x-0 top-1/2 border-t border-dashed border-line" />
        <span
          aria-hidden
          className="absolute right-0 bottom-full pb-1 text-[0.625rem] [html[data-wall]_&]:text-xs leading-none text-faint tabular"
        >
          {describe(end)}
        </span>
        {bars.map((bar, i) => (
          <span key={bar.key} onPointerEnter={() => setActive(i)} className="relative flex h-full flex-1 items-end">
            <span
              className={cn(
                'w-full rounded-t-[3px] transition-[height,background-color] duration-500',
                active === i ? 'bg-ink' : i === bars.length - 1 ? 'bg-accent' : 'bg-accent/55',
              )}
              style={{ height: bar.value === 0 ? 2 : `max(4px, ${(bar.value / end) * 100}%)`, opacity: bar.value === 0 ? 0.35 : 1 }}
            />
          </span>
        ))}
      </div>
      <p className="mt-2 flex justify-between gap-3 text-xs text-faint tabular" aria-hidden>
        {chosen === undefined ? (
          <>
            <span>{bars[0]?.name}</span>
            <span>{bars.at(-1)?.name}</span>
          </>
        ) : (
          <span className="text-ink">
            {chosen.name} · {describe(chosen.value)}
          </span>
        )}
      </p>
      <p className="sr-only" aria-live="polite">
        {chosen !== undefined && `${chosen.name}: ${describe(chosen.value)}`}
      </p>
    </div>
  )
}
